public import Learning
public import LinearAlgebra
public import Spectra

/// The Hessian of an objective at the weights it was last linearised at, as a symmetric operator.
public final class HessianOperator<Scalar: RealScalar>: SymmetricOperator {
  private let objective: Objective<Scalar>
  /// The examples over which the Hessian is averaged.
  public let batch: Batch
  /// The number of products so far.
  public private(set) var products = 0

  /// Creates the operator; linearise it before applying it.
  public init(_ objective: Objective<Scalar>, over batch: Batch = .full) {
    self.objective = objective
    self.batch = batch
  }

  /// The number of parameters.
  public var dimension: Int { objective.parameterCount }

  /// Fixes the weights at which the Hessian is taken; any other use of `objective.linearize` changes them.
  ///
  /// Where `other` examples are given they stand in for the operator's own until it is linearised again.
  public func linearize(at weights: Vector<Scalar>, over other: Batch? = nil) throws {
    try objective.linearize(at: weights, batch: other ?? batch)
  }

  /// Writes the Hessian product `H x` into `y`.
  public func apply(_ x: Vector<Scalar>, into y: Vector<Scalar>) throws {
    products += 1
    try objective.hessianProduct(x, into: y)
  }
}
