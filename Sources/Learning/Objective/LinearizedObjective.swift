public import LinearAlgebra

/// An objective at fixed weights, over a fixed batch: products with its Hessian there.
///
/// It owns what was linearised, so neither the weights that it was made from nor other linearisations of the same objective
/// disturb it. Its memory goes to the next linearisation when nobody holds it any more.
public final class LinearizedObjective<Scalar: RealScalar> {
  /// The examples over which the Hessian is averaged.
  public let batch: Batch
  let pass: CurvaturePass<Scalar>
  private let objective: Objective<Scalar>

  init(_ objective: Objective<Scalar>, _ pass: CurvaturePass<Scalar>, over batch: Batch) {
    (self.objective, self.pass, self.batch) = (objective, pass, batch)
  }

  deinit { objective.recycle(pass) }

  /// The number of parameters.
  public var dimension: Int { objective.parameterCount }

  /// Writes the product of the Hessian with a vector into another one; about the cost of two gradients.
  ///
  /// - Throws: what the group of ranks throws.
  public func hessianProduct(_ vector: Vector<Scalar>, into product: Vector<Scalar>) throws {
    try pass.product(with: vector)
    objective.copyMean(over: pass.rows.blocks.examples, into: product)
  }
}
