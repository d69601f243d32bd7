package import Flows
import Jobs
package import LinearAlgebra
import Optimizers
package import Probes

/// A flow in the place of its optimizer, which takes the first steps where the run has a warm start.
package final class FlowCourse<Scalar: RealScalar>: Dynamics {
  private let run: RunConfiguration
  private let kind: FlowKind
  private let optimizer: DiscreteSteps<Scalar>
  private let flow: Flow<Scalar>
  /// Whether the flow has taken over what the optimizer carried.
  private var isFlowing = false

  /// Creates the course of a run that begins, with the steps of its optimizer.
  package init(_ kind: FlowKind, after optimizer: DiscreteSteps<Scalar>, of experiment: Experiment<Scalar>) {
    run = experiment.run
    self.kind = kind
    self.optimizer = optimizer
    guard let geometry = try? FlowGeometry.of(run.optimizer) else {
      preconditionFailure("Jobs are checked before they are run: \(run.optimizer.name) has no flow.")
    }
    flow = Flow(
      kind, experiment.objective, geometry, settings: run.flow.settings, seed: UInt64(run.seed))
  }

  package var learningRate: Double { optimizer.learningRate }

  package func setCriticalRate(sharpness: Double) throws(RunError) {
    try optimizer.setCriticalRate(sharpness: sharpness)
  }

  package func stepSize(at step: Int) -> Double { optimizer.stepSize(at: step) }

  package func observe(_ gradient: Vector<Scalar>, at weights: Vector<Scalar>, before step: Int) {
    if step < run.flow.warmStart { return optimizer.observe(gradient, at: weights, before: step) }
    if !isFlowing {
      let isAdopted = flow.adopt(optimizer: optimizer.optimizerState)
      precondition(isAdopted, "A flow takes over what its own optimizer carries.")
      isFlowing = true
    }
    flow.observe(gradient)
  }

  /// Without an oscillation, the optimizer's step leads where the flow does, to first order.
  package func stability(at step: Int) -> Stability<Scalar> {
    guard isFlowing else { return optimizer.stability(at: step) }
    let (flow, stepSize) = (flow, stepSize(at: step))
    return Stability(threshold: 2 / stepSize, preconditioner: { flow.preconditioner(into: $0) }) {
      weights, gradient in
      let (next, scales) = (Vector<Scalar>(count: weights.count), Vector<Scalar>(count: weights.count))
      next.copy(from: weights)
      if flow.preconditioner(into: scales) {
        next.all.step(along: gradient.all, by: stepSize, dividedBy: scales.all)
      } else {
        next.add(gradient, scaledBy: -stepSize)
      }
      return next
    }
  }

  package func demand(over step: Int) -> StepDemand {
    if step < run.flow.warmStart { return .nothing }
    return kind == .rodFlow ? .losses : .hessian
  }

  package func advance(_ weights: Vector<Scalar>, from start: StepStart<Scalar>) throws -> Motion {
    guard isFlowing else { return optimizer.advance(weights, from: start) }
    let outcome = try flow.step(
      weights, over: start.step, stepSize: FlowStepSize(learningRate, run.schedule),
      known: KnownGradient(loss: start.loss, gradient: start.gradient))
    switch outcome {
    case .moved(let prediction, let work):
      return Motion(prediction.variables.merging(work.variables) { first, _ in first })
    case .ended(let ending):
      return Motion(halt: Halt(ending.name, "at step \(start.step): \(ending)"))
    }
  }

  // MARK: - State

  private var part: String { "flow-\(kind.rawValue)" }

  package var carried: CarriedState<Scalar> {
    var state = optimizer.carried
    state.numbers["is_flowing"] = isFlowing ? 1 : 0
    state.add(flow.carried, under: part)
    return state
  }

  package func restore(_ state: CarriedState<Scalar>) -> Bool {
    guard let flowing = state.count("is_flowing"), optimizer.restore(state), restoreFlow(state) else {
      return false
    }
    isFlowing = flowing == 1
    return true
  }

  private func restoreFlow(_ state: CarriedState<Scalar>) -> Bool { flow.restore(state.part(part)) }

  /// A flow goes on where one of its kind was, or from the state of its optimizer.
  package func branch(from state: CarriedState<Scalar>) -> Bool {
    if state.count("is_flowing") == 1, run.flow.warmStart == 0, restoreFlow(state) {
      isFlowing = true
      return true
    }
    return optimizer.branch(from: state)
  }
}
