public import Learning
public import LinearAlgebra
public import Spectra

/// What a flow needs to know of a loss.
///
/// Calls may throw, for example where a group of ranks leaves the run; a step of a flow then leaves everything as it was.
public protocol FlowObjective<Scalar>: AnyObject {
  /// The number format of the weights.
  associatedtype Scalar: RealScalar

  /// The number of weights n.
  var parameterCount: Int { get }

  /// The loss at some weights, whose gradient is written.
  func flowGradient(at weights: Vector<Scalar>, into gradient: Vector<Scalar>) throws -> Double

  /// Second and third derivatives at some weights, which are copied.
  func flowLinearization(at weights: Vector<Scalar>) throws -> any FlowLinearization<Scalar>

  /// The same, with the gradient written and the loss returned on the way.
  func flowLinearization(
    at weights: Vector<Scalar>, gradient: Vector<Scalar>
  ) throws -> (linearization: any FlowLinearization<Scalar>, loss: Double)
}

/// The Hessian of a loss at fixed weights, and its derivative.
public protocol FlowLinearization<Scalar>: SymmetricOperator {
  /// Hessian products `H u` along directions, and third derivatives `D^3 L[u, v]`, the derivative of `H u` along `v`, of
  /// pairs of them.
  ///
  /// - Parameters:
  ///   - directions: vectors as long as the weights.
  ///   - pairs: indices of directions.
  ///   - products: take `H u` of every direction.
  ///   - thirdDerivatives: take `D^3 L[u, v]` of every pair.
  /// - Throws: what the group of ranks throws.
  func thirdDerivatives(
    along directions: [Vector<Scalar>], pairs: [(Int, Int)], products: [Vector<Scalar>],
    thirdDerivatives: [Vector<Scalar>]
  ) throws
}

extension LinearizedObjective: FlowLinearization {
  /// Writes the product of the Hessian with a vector.
  public func apply(_ x: Vector<Scalar>, into y: Vector<Scalar>) throws { try hessianProduct(x, into: y) }
}

/// The loss over the whole training set.
extension Objective: FlowObjective {
  /// The loss at some weights, whose gradient is written.
  public func flowGradient(at weights: Vector<Scalar>, into result: Vector<Scalar>) throws -> Double {
    try gradient(at: weights, into: result).loss
  }

  /// Second and third derivatives at some weights, which are copied.
  public func flowLinearization(at weights: Vector<Scalar>) throws -> any FlowLinearization<Scalar> {
    try linearize(at: weights)
  }

  /// The same, with the gradient written and the loss returned on the way.
  public func flowLinearization(
    at weights: Vector<Scalar>, gradient: Vector<Scalar>
  ) throws -> (linearization: any FlowLinearization<Scalar>, loss: Double) {
    let (linearized, batch) = try linearize(at: weights, gradient: gradient)
    return (linearized, batch.loss)
  }
}
