public import LinearAlgebra
public import Optimizers

/// What decides at one step how sharp the loss may be, and where the step leads.
public struct Stability<Scalar: RealScalar> {
  /// The largest stable eigenvalue of `P^(-1/2) (H + shift I) P^(-1/2)`.
  public let threshold: Double
  /// The multiple of the identity that what moves the weights adds to the Hessian: coupled weight decay.
  public let shift: Double
  /// Writes the diagonal of `P`, of the length of the weights, and says whether `P` is not the identity; where it is,
  /// nothing is written.
  public let preconditioner: (_ diagonal: Vector<Scalar>) -> Bool
  /// The weights after the coming step from some weights with their gradient, in a new vector.
  public let preview: (_ weights: Vector<Scalar>, _ gradient: Vector<Scalar>) -> Vector<Scalar>

  /// Names the parts.
  public init(
    threshold: Double, shift: Double = 0, preconditioner: @escaping (Vector<Scalar>) -> Bool,
    preview: @escaping (Vector<Scalar>, Vector<Scalar>) -> Vector<Scalar>
  ) {
    (self.threshold, self.shift) = (threshold, shift)
    (self.preconditioner, self.preview) = (preconditioner, preview)
  }

  /// The stability of an optimizer's coming step, whose gradient it has absorbed.
  public init(_ optimizer: any Optimizer<Scalar>, learningRate: Double) {
    self.init(
      threshold: optimizer.stabilityThreshold(learningRate: learningRate), shift: optimizer.decay.coupled,
      preconditioner: { optimizer.preconditioner(into: $0) },
      preview: { optimizer.preview($0, gradient: $1, learningRate: learningRate) })
  }
}
