public import LinearAlgebra

/// A symmetric matrix `A: [n, n]` known only by its products with vectors, such as a Hessian.
public protocol SymmetricOperator<Scalar>: AnyObject {
  /// The number format of the vectors.
  associatedtype Scalar: RealScalar

  /// The number of rows and columns `n`.
  var dimension: Int { get }

  /// Writes `A x` into `y`, which is another vector than `x`.
  func apply(_ x: Vector<Scalar>, into y: Vector<Scalar>) throws
}
