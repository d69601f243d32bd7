import Jobs
import Learning
package import LinearAlgebra
import Probes
package import Schema

/// Trains one run and records it, as one member of a group of ranks.
///
/// Every member holds the same weights and takes the same decisions, because all it decides by has the same
/// bits on every member. Between two steps a run is a value: what the trainer carries, and what it has recorded.
package final class Trainer<Course: Dynamics> {
  package typealias Scalar = Course.Scalar

  let dynamics: Course
  let probe: SharpnessProbe<Scalar>
  let midpoint: MidpointIterate<Scalar>
  let weights: Vector<Scalar>
  let experiment: Experiment<Scalar>
  private let objective: Objective<Scalar>
  private let run: RunConfiguration
  private let calendar: StepCalendar
  private var sampler: BatchSampler
  private let gradient: Vector<Scalar>
  /// The loss of zero weights, once it was needed.
  private var referenceLoss: Double?
  /// The loss of the first step's batch; NaN before.
  var firstLoss = Double.nan
  /// The number of steps done.
  package internal(set) var step = 0
  /// What was recorded of them.
  package internal(set) var recording: Recording
  /// The loss at the weights linearised, while measurements may need it; given back before the weights move, so that the
  /// dynamics can have it again for nothing.
  private var linearized: LinearizedObjective<Scalar>?
  /// What was carried before the last step, where a goal ended the run in its middle and a longer run may go on.
  private var beforeLastStep: CarriedState<Scalar>?

  /// Prepares a run from its first weights.
  ///
  /// - Throws: what is wrong with the first weights; what the objective throws.
  package init(_ experiment: Experiment<Scalar>, dynamics: Course) throws {
    let (run, objective) = (experiment.run, experiment.objective)
    (self.experiment, self.objective, self.run, self.dynamics) = (experiment, objective, run, dynamics)
    calendar = StepCalendar(run, stepsPerEpoch: experiment.examples / experiment.batchSize)
    probe = SharpnessProbe(
      objective: objective, over: run.measure.batch(of: experiment.examples), settings: run.measure.spectra,
      quantities: run.measure.quantities.map { $0.makeQuantity(for: objective) }, seed: UInt64(run.seed))
    midpoint = MidpointIterate(objective, over: probe.batch)
    sampler = run.sampler(examples: experiment.examples)
    weights = try InitialWeights.make(for: run, model: experiment.model)
    gradient = Vector(count: objective.parameterCount)
    recording = Recording(steps: run.stop.steps)
  }

  /// Trains to the end of the run, or until a member of the group wishes to leave it.
  ///
  /// - Parameter betweenSteps: called before every step; it may save the run, which is whole there, or throw to leave it.
  /// - Returns: how the run ended, or that it was left.
  /// - Throws: what `betweenSteps` and the objective throw; what makes the run impossible.
  package func train(betweenSteps: () throws -> Void = {}) throws -> TrainingEnding {
    do {
      while step < run.stop.steps {
        try betweenSteps()
        if let outcome = try advance() { return .ended(outcome) }
      }
      return .ended(.finished(.steps))
    } catch is GroupLeaving {
      return .left
    }
  }

  /// What a longer run of the same trajectory goes on from.
  package var endState: CarriedState<Scalar> { beforeLastStep ?? carried }

  /// What the quantities say of the whole run.
  package var labels: [Variable: [String]] { probe.labels }

  // MARK: - One step

  /// Nothing is recorded, and the weights do not move, before all that may be left in its middle is done.
  private func advance() throws -> RunOutcome? {
    defer { linearized = nil }
    let batch = try evaluate()
    let gradientNorm = gradient.norm
    if step == 0 { firstLoss = batch.loss }
    let kept = calendar.keepsWeights(at: step) ? weights.copied : nil
    if try hasDiverged(batch.loss) {
      record(batch, gradientNorm, keeping: kept)
      return .diverged(step: step)
    }
    beforeLastStep = run.keepsState && isGoalDue ? carried.copied : nil
    var measurement: Measurement?
    let taken = try mayBeLeft ? take(batch, measurement: &measurement) : .moved(move(batch))
    let motion: Motion? = if case .moved(let motion) = taken { motion } else { nil }
    record(batch, gradientNorm, keeping: kept, motion?.values ?? [:])
    if let measurement { recording.append(measurement) }
    if case .stopped(let reason) = taken { return .finished(reason) }
    beforeLastStep = nil
    if let halt = motion?.halt { return .halted(halt) }
    step += 1
    return nil
  }

  /// Where the same point is needed afterwards, what that needs is computed on the way.
  private func evaluate() throws -> BatchLoss {
    let batch = sampler.batch(at: step)
    let isSharedWithProbe =
      calendar.measures(at: step) && midpoint.previous == nil && batch == probe.batch
    guard isSharedWithProbe || dynamics.demand(over: step) == .hessian else {
      return try objective.gradient(at: weights, batch: batch, into: gradient)
    }
    let shared = try objective.linearize(at: weights, batch: batch, gradient: gradient)
    linearized = shared.linearized
    return shared.loss
  }

  private func record(
    _ batch: BatchLoss, _ gradientNorm: Double, keeping kept: Vector<Scalar>?,
    _ values: [Variable: [Double]] = [:]
  ) {
    recording.append(
      loss: batch.loss, accuracy: batch.accuracy ?? .nan, gradientNorm: gradientNorm,
      stepSize: dynamics.stepSize(at: step), values)
    if let kept { recording.keep(kept, at: step) }
  }

  /// What a step has come to: it is made, or the run stops before it.
  private enum Taken {
    case moved(Motion)
    case stopped(StopReason)
  }

  /// Whether the group may leave the run in the middle of the step: where more is asked of the loss than its gradient.
  private var mayBeLeft: Bool {
    calendar.measures(at: step) || dynamics.learningRate.isNaN || isGoalDue
      || dynamics.demand(over: step) != .nothing
  }

  /// Lets the dynamics see the gradient, measures, and moves the weights; where the group leaves meanwhile, all is as it
  /// was before the step.
  private func take(_ batch: BatchLoss, measurement: inout Measurement?) throws -> Taken {
    let before = (dynamics: dynamics.carried.copied, probe: probe.carried)
    do {
      dynamics.observe(gradient, at: weights, before: step)
      if dynamics.learningRate.isNaN { try setCriticalRate(point(batch.loss)) }
      if calendar.measures(at: step) { measurement = try measure(at: point(batch.loss)) }
      if let reason = try stopReason(batch) { return .stopped(reason) }
      return .moved(try advanceDynamics(batch))
    } catch {
      let isWhole = dynamics.restore(before.dynamics) && probe.restore(before.probe)
      precondition(isWhole, "Dynamics and probe take their own state back.")
      throw error
    }
  }

  /// The same where there is nothing to do but to move.
  private func move(_ batch: BatchLoss) throws -> Motion {
    dynamics.observe(gradient, at: weights, before: step)
    return try advanceDynamics(batch)
  }

  private func advanceDynamics(_ batch: BatchLoss) throws -> Motion {
    if calendar.isAtMidpoint { midpoint.remember(weights) }
    linearized = nil
    return try dynamics.advance(weights, from: StepStart(step: step, gradient: gradient, loss: batch.loss))
  }

  private func point(_ loss: Double) -> RunPoint<Scalar> {
    RunPoint(
      step: step, weights: weights, gradient: gradient, loss: loss, batch: sampler.batch(at: step),
      stability: dynamics.stability(at: step), linearized: linearized)
  }

  /// Measures the sharpness at the first weights with a probe of its own, so that what is recorded does not depend on it.
  private func setCriticalRate(_ point: RunPoint<Scalar>) throws {
    let probe = SharpnessProbe(
      objective: objective, over: probe.batch,
      settings: SharpnessSettings(solver: run.measure.spectra.solver), seed: UInt64(run.seed))
    let first = try probe.measure(at: point)
    try dynamics.setCriticalRate(
      sharpness: first.criticalSharpness(maximumProducts: run.measure.maximumProducts))
  }

  private func measure(at iterate: RunPoint<Scalar>) throws -> Measurement {
    let place = calendar.isAtMidpoint ? try midpoint.point(around: iterate) : iterate
    var measurement = try probe.measure(at: place)
    if run.measure.test { measurement.test = try objective.evaluateTest(at: place.weights) }
    return measurement
  }

  // MARK: - Stop rules

  /// Held against the first loss, or against that of zero weights, which predict 0, where the run starts below it.
  ///
  /// The latter is computed once the first is exceeded, which most runs never do.
  private func hasDiverged(_ loss: Double) throws -> Bool {
    guard loss.isFinite else { return true }
    guard loss > calendar.lossLimit * firstLoss else { return false }
    let reference = try referenceLoss ?? objective.loss(at: Vector(count: weights.count)).loss
    referenceLoss = reference
    return loss > calendar.lossLimit * reference
  }

  private var isGoalDue: Bool { calendar.judgesGoals(at: step) }

  private func stopReason(_ batch: BatchLoss) throws -> StopReason? {
    guard isGoalDue else { return nil }
    let isFull = experiment.batchSize == experiment.examples
    let loss =
      isFull ? batch : try objective.loss(at: weights)
    if let goal = run.stop.trainAccuracy, let accuracy = loss.accuracy, accuracy >= goal {
      return .trainAccuracy
    }
    if let goal = run.stop.trainLoss, loss.loss <= goal { return .trainLoss }
    return nil
  }
}
