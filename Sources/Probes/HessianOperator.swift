public import Learning
public import LinearAlgebra
public import Spectra

/// The Hessian of a linearised objective, as a symmetric operator that counts its products.
public final class HessianOperator<Scalar: RealScalar>: SymmetricOperator {
  private let linearized: LinearizedObjective<Scalar>
  private let counter: ProductCounter

  /// Wraps a linearised objective; the counter counts the products of all operators that share it.
  public init(_ linearized: LinearizedObjective<Scalar>, counter: ProductCounter = ProductCounter()) {
    (self.linearized, self.counter) = (linearized, counter)
  }

  /// The number of parameters.
  public var dimension: Int { linearized.dimension }

  /// The examples over which the Hessian is averaged.
  public var batch: Batch { linearized.batch }

  /// Writes the Hessian product `H x` into `y`.
  public func apply(_ x: Vector<Scalar>, into y: Vector<Scalar>) throws {
    counter.products += 1
    try linearized.hessianProduct(x, into: y)
  }
}

/// Counts Hessian products.
public final class ProductCounter {
  /// The number so far.
  public fileprivate(set) var products = 0

  /// Begins at 0.
  public init() {}
}
