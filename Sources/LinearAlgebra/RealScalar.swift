/// The number formats that vectors and programs are made of: `Float` and `Double`.
public protocol RealScalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// Picks the alternative that belongs to this type: how generic code chooses between two C functions.
  static func choose<T>(float: T, double: T) -> T
}

extension Float: RealScalar {
  /// Picks `float`.
  public static func choose<T>(float: T, double: T) -> T { float }
}

extension Double: RealScalar {
  /// Picks `double`.
  public static func choose<T>(float: T, double: T) -> T { double }
}
