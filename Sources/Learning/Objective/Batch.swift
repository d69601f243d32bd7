/// The examples over which a loss and its derivatives are averaged.
public enum Batch: Sendable, Hashable {
  /// The whole training set.
  case full
  /// Some examples, by their index in the training set; blocks are consecutive pieces of the list.
  case examples([Int])

  /// `count` of `all` examples, evenly spread over the training set: number `i` is `floor(i * all / count)`.
  public static func spread(_ count: Int, of all: Int) -> Batch {
    precondition((1...all).contains(count), "A batch has between one and all of the examples.")
    return count == all ? .full : .examples((0..<count).map { $0 * all / count })
  }
}

/// What a batch says about the weights.
public struct BatchLoss: Sendable, Hashable {
  /// The mean loss.
  public let loss: Double
  /// The fraction of examples classified correctly; nil in regression.
  public let accuracy: Double?
}
