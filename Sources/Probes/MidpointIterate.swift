public import Learning
public import LinearAlgebra

/// The midpoint iterate of step `t`: `(w_(t-1) + 2 w_t + w_(t+1)) / 4`.
///
/// At the edge of stability the weights jump from one side of a valley to the other, and it lies between them;
/// Cohen et al. 2024 (arXiv 2410.24206) measure there. What is measured there is: Hessian, gradient and losses, at
/// the midpoint, on the batch of step `t`; with the preconditioner and the threshold of step `t`, which belong to the
/// update from `w_t` to `w_(t+1)`, and with that update itself. It is computed ahead, so a run that stops at `t` has a
/// midpoint as well. Step 0 has no `w_(t-1)`: there the iterate itself is measured.
public final class MidpointIterate<Scalar: RealScalar>: Carrying {
  /// The weights before the last update, part of a run's state; nil before the first.
  public private(set) var previous: Vector<Scalar>?
  private let objective: Objective<Scalar>
  private let measured: Batch

  /// Creates it for a run that begins; the Hessian is over the `measured` examples.
  public init(_ objective: Objective<Scalar>, over measured: Batch = .full) {
    (self.objective, self.measured) = (objective, measured)
  }

  /// The weights before the last update.
  public var carried: CarriedState<Scalar> {
    var state = CarriedState<Scalar>()
    state.vectors["previous"] = previous
    return state
  }

  /// Takes back the weights before the last update; none where the run had made no step.
  public func restore(_ state: CarriedState<Scalar>) -> Bool {
    previous = nil
    guard let saved = state.vectors["previous"] else { return true }
    guard saved.count == objective.parameterCount else { return false }
    remember(saved)
    return true
  }

  /// Takes the weights that are about to be updated.
  public func remember(_ weights: Vector<Scalar>) {
    let copy = previous ?? Vector(count: weights.count)
    copy.copy(from: weights)
    previous = copy
  }

  /// The midpoint of the step at whose iterate the run stands; one more gradient and one update are computed.
  ///
  /// - Throws: what the objective throws.
  public func point(around run: RunPoint<Scalar>) throws -> RunPoint<Scalar> {
    guard let previous else { return run }
    let update = run.update
    let weights = Vector<Scalar>(count: run.weights.count)
    weights.combine([previous, run.weights, update.next], factors: [0.25, 0.5, 0.25])
    let gradient = Vector<Scalar>(count: weights.count)
    func point(_ loss: BatchLoss, _ linearized: LinearizedObjective<Scalar>?) -> RunPoint<Scalar> {
      RunPoint(
        step: run.step, place: .midpoint, weights: weights, gradient: gradient, loss: loss.loss,
        batch: run.batch, stability: run.stability, update: update, linearized: linearized)
    }
    guard run.batch == measured else {
      return point(try objective.gradient(at: weights, batch: run.batch, into: gradient), nil)
    }
    let shared = try objective.linearize(at: weights, batch: run.batch, gradient: gradient)
    return point(shared.loss, shared.linearized)
  }
}
