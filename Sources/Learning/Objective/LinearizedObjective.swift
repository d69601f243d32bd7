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

  /// Hessian products `H u` along directions, and third derivatives `D^3 L[u, v]`, the derivative of `H u` along `v`, of
  /// pairs of them, in one pass over the examples.
  ///
  /// A direction costs about two gradients and a pair about three, less where the first layer is the largest; the loss has to
  /// be smooth for a third derivative to mean anything.
  ///
  /// - Parameters:
  ///   - directions: vectors as long as the weights.
  ///   - pairs: indices of directions.
  ///   - products: take `H u` of every direction.
  ///   - thirdDerivatives: take `D^3 L[u, v]` of every pair.
  /// - Throws: what the group of ranks throws.
  public func thirdDerivatives(
    along directions: [Vector<Scalar>], pairs: [(Int, Int)], products: [Vector<Scalar>],
    thirdDerivatives: [Vector<Scalar>]
  ) throws {
    precondition(products.count == directions.count && thirdDerivatives.count == pairs.count)
    let sums = try pass.thirdDerivatives(along: directions, pairs: pairs)
    for (index, result) in (products + thirdDerivatives).enumerated() {
      let range = index * dimension..<(index + 1) * dimension
      result.all.copy(from: sums.slice(range), scaledBy: 1 / Double(pass.rows.blocks.examples))
    }
  }
}
