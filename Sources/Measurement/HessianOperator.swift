public import Learning
public import LinearAlgebra
public import Spectra

/// The Hessian of an objective at the weights it was last linearised at, as a symmetric operator.
public final class HessianOperator<Scalar: RealScalar>: SymmetricOperator {
  private let objective: Objective<Scalar>
  /// The number of products so far.
  public private(set) var products = 0

  /// Creates the operator; linearise it before applying it.
  public init(_ objective: Objective<Scalar>) { self.objective = objective }

  /// The number of parameters.
  public var dimension: Int { objective.parameterCount }

  /// Fixes the weights at which the Hessian is taken; any other use of `objective.linearize` changes them.
  public func linearize(at weights: Vector<Scalar>) throws { try objective.linearize(at: weights) }

  /// Writes the Hessian product `H x` into `y`.
  public func apply(_ x: Vector<Scalar>, into y: Vector<Scalar>) throws {
    products += 1
    try objective.hessianProduct(x, into: y)
  }
}
