public import Learning
public import LinearAlgebra

/// Where a run stands when it is measured: at `w_t`, whose gradient what moves it has taken in, before the
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
  /// What decides how sharp the loss may be at `w_t`, and where the step leads.
  public let stability: Stability<Scalar>
  /// The objective linearised at the weights over the batch, where that was done together with the gradient.
  public let linearized: LinearizedObjective<Scalar>?
  /// The update of step `t`, where it starts elsewhere than at the weights.
  private let knownUpdate: RunUpdate<Scalar>?

  /// Creates the description of a point; `update` is needed where the weights are not `w_t`.
  public init(
    step: Int, place: MeasuredWeights = .iterate, weights: Vector<Scalar>, gradient: Vector<Scalar>,
    loss: Double, batch: Batch, stability: Stability<Scalar>, update: RunUpdate<Scalar>? = nil,
    linearized: LinearizedObjective<Scalar>? = nil
  ) {
    self.step = step
    self.place = place
    self.weights = weights
    self.gradient = gradient
    self.loss = loss
    self.batch = batch
    self.stability = stability
    knownUpdate = update
    self.linearized = linearized
  }

  /// The update of step `t`, computed ahead.
  public var update: RunUpdate<Scalar> {
    if let knownUpdate { return knownUpdate }
    return RunUpdate(
      weights: weights, gradient: gradient, loss: loss, next: stability.preview(weights, gradient))
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
