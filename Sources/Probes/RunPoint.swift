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
  /// The update of step `t`, where it starts elsewhere than at the weights.
  private let knownUpdate: RunUpdate<Scalar>?

  /// Creates the description of a point; `update` is needed where the weights are not `w_t`.
  public init(
    step: Int, place: MeasuredWeights = .iterate, weights: Vector<Scalar>, gradient: Vector<Scalar>,
    loss: Double, batch: Batch,
    optimizer: any Optimizer<Scalar>, learningRate: Double, update: RunUpdate<Scalar>? = nil
  ) {
    self.step = step
    self.place = place
    self.weights = weights
    self.gradient = gradient
    self.loss = loss
    self.batch = batch
    self.optimizer = optimizer
    self.learningRate = learningRate
    knownUpdate = update
  }

  /// The update of step `t`, computed ahead.
  public var update: RunUpdate<Scalar> {
    if let knownUpdate { return knownUpdate }
    let next = optimizer.preview(weights, gradient: gradient, learningRate: learningRate)
    return RunUpdate(weights: weights, gradient: gradient, loss: loss, next: next)
  }
}

/// The update `w_t -> w_(t+1)` of a step; the vectors are not to be changed.
public struct RunUpdate<Scalar: RealScalar> {
  /// The weights `w_t`.
  public let weights: Vector<Scalar>
  /// The gradient of the step's batch at `w_t`.
  public let gradient: Vector<Scalar>
  /// The loss of the step's batch at `w_t`.
  public let loss: Double
  /// The weights `w_(t+1)`.
  public let next: Vector<Scalar>
}
