public import Learning
public import LinearAlgebra
public import Spectra

/// The Hessian of an objective at the weights it was last linearised at, as a symmetric operator.
public final class HessianOperator<Scalar: RealScalar>: SymmetricOperator {
  private let objective: Objective<Scalar>

  /// Creates the operator; call `objective.linearize` before applying it.
  public init(_ objective: Objective<Scalar>) { self.objective = objective }

  /// The number of parameters.
  public var dimension: Int { objective.parameterCount }

  /// Writes the Hessian product `H x` into `y`.
  public func apply(_ x: Vector<Scalar>, into y: Vector<Scalar>) throws {
    try objective.hessianProduct(x, into: y)
  }
}
