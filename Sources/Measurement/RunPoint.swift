public import Learning
public import LinearAlgebra
public import Optimizers

/// Where a run stands when it is measured: at `w_t`, whose gradient the optimizer has absorbed, before the
/// update of step `t`.
public struct RunPoint<Scalar: RealScalar> {
  /// The step `t`.
  public let step: Int
  /// The weights `w_t`.
  public let weights: Vector<Scalar>
  /// The gradient of the step's batch.
  public let gradient: Vector<Scalar>
  /// The loss of the step's batch.
  public let loss: Double
  /// The step's batch.
  public let batch: Batch
  /// The optimizer, which has absorbed the gradient.
  public let optimizer: any Optimizer<Scalar>
  /// The step size of the coming update.
  public let learningRate: Double

  /// Creates the description of a point.
  public init(
    step: Int, weights: Vector<Scalar>, gradient: Vector<Scalar>, loss: Double, batch: Batch,
    optimizer: any Optimizer<Scalar>, learningRate: Double
  ) {
    self.step = step
    self.weights = weights
    self.gradient = gradient
    self.loss = loss
    self.batch = batch
    self.optimizer = optimizer
    self.learningRate = learningRate
  }
}
