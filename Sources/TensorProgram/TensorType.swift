/// The number format of a tensor's elements.
public enum ScalarKind: String, Hashable, Sendable {
  case float
  case double
}

/// What is known of a tensor before a program runs: its shape and its number format.
///
/// A scalar has the empty shape. Elements are stored row-major: the last axis varies fastest.
public struct TensorType: Hashable, Sendable {
  /// The extent of every axis, outermost first.
  public var shape: [Int]
  /// The number format of the elements.
  public var scalar: ScalarKind

  /// Creates a type from its shape and number format.
  public init(_ shape: [Int], _ scalar: ScalarKind) {
    self.shape = shape
    self.scalar = scalar
  }

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
}
