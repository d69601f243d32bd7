public import LinearAlgebra

/// `P^(-1/2) (H + delta I) P^(-1/2)` for a symmetric `H` and a diagonal `P >= 0`.
///
/// It is symmetric and has the eigenvalues of `P^-1 (H + delta I)`. An eigenvector `x` of it belongs to the eigenvector
/// `P^(-1/2) x` of that matrix. Where `P` is 0, `P^-1` is 0: what an optimizer does not move does not count. A negative
/// element of `P` makes products NaN.
public final class PreconditionedOperator<Scalar: RealScalar>: SymmetricOperator {
  private let plain: any SymmetricOperator<Scalar>
  /// The diagonal of `P^(-1/2)`.
  private let scale: Vector<Scalar>
  private let scaled: Vector<Scalar>
  private var shift = 0.0

  /// Wraps an operator; the identity stands for `P` until `precondition(by:shift:)` is called.
  public init(_ plain: any SymmetricOperator<Scalar>) {
    self.plain = plain
    scale = Vector(count: plain.dimension)
    scaled = Vector(count: plain.dimension)
    scale.fill(1)
  }

  /// Takes over the diagonal of `P`, and `delta`.
  public func precondition(by diagonal: Vector<Scalar>, shift: Double = 0) {
    self.shift = shift
    scale.becomeInverseRoots(of: diagonal)
  }

  /// `P^(1/2) x` in a new vector, given the diagonal of `P`: a step `x` of the weights in the coordinates of this operator.
  public func coordinates(of x: Vector<Scalar>, _ diagonal: Vector<Scalar>) -> Vector<Scalar> {
    let result = Vector<Scalar>(count: x.count)
    result.becomeProduct(of: x, scale)
    result.multiply(by: diagonal)
    return result
  }

  /// The dimension of `H`.
  public var dimension: Int { plain.dimension }

  /// Writes `P^(-1/2) (H + delta I) P^(-1/2) x` into `y`.
  public func apply(_ x: Vector<Scalar>, into y: Vector<Scalar>) throws {
    scaled.becomeProduct(of: x, scale)
    try plain.apply(scaled, into: y)
    if shift != 0 { y.add(scaled, scaledBy: shift) }
    y.multiply(by: scale)
  }
}
