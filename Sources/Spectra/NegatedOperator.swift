public import LinearAlgebra

/// `-A` for a symmetric `A`: its largest eigenvalues are the smallest of `A`, with the sign changed.
public final class NegatedOperator<Scalar: RealScalar>: SymmetricOperator {
  private let plain: any SymmetricOperator<Scalar>

  /// Wraps an operator.
  public init(_ plain: any SymmetricOperator<Scalar>) { self.plain = plain }

  /// The dimension of `A`.
  public var dimension: Int { plain.dimension }

  /// Writes `-A x` into `y`.
  public func apply(_ x: Vector<Scalar>, into y: Vector<Scalar>) throws {
    try plain.apply(x, into: y)
    y.scale(by: -1)
  }
}
