/// The examples over which a loss and its derivatives are averaged.
public enum Batch: Sendable, Hashable {
  /// The whole training set.
  case full
  /// Some examples, by their index in the training set; blocks are consecutive pieces of the list.
  case examples([Int])
}

/// What a batch says about the weights.
public struct BatchLoss: Sendable, Hashable {
  /// The mean loss.
  public let loss: Double
  /// The fraction of examples classified correctly; nil in regression.
  public let accuracy: Double?
}
