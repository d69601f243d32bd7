public import Learning
public import LinearAlgebra
public import Optimizers

/// Where a run stands when it is measured: at `w_t`, whose gradient the optimizer has absorbed, before the
/// update of step `t`; or at the midpoint iterate of that step.
public struct RunPoint<Scalar: RealScalar> {
  /// The step `t`.
  public let step: Int
  /// Which weights these are.
  public let place: MeasuredWeights
  /// The weights `w_t`, or the midpoint iterate.
  public let weights: Vector<Scalar>
  /// The gradient of the step's batch at the weights.
  public let gradient: Vector<Scalar>
  /// The loss of the step's batch at the weights.
  public let loss: Double
  /// The step's batch.
  public let batch: Batch
  /// The optimizer, which has absorbed the gradient at `w_t`.
  public let optimizer: any Optimizer<Scalar>
  /// The step size of the coming update.
  public let learningRate: Double

  /// Creates the description of a point.
  public init(
    step: Int, place: MeasuredWeights = .iterate, weights: Vector<Scalar>, gradient: Vector<Scalar>,
    loss: Double, batch: Batch,
    optimizer: any Optimizer<Scalar>, learningRate: Double
  ) {
    self.step = step
    self.place = place
    self.weights = weights
    self.gradient = gradient
    self.loss = loss
    self.batch = batch
    self.optimizer = optimizer
    self.learningRate = learningRate
  }
}
