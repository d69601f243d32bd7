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
  private let run: RunConfiguration
  private var sampler: BatchSampler
  private let gradient: Vector<Scalar>
  /// What the loss is held against to tell whether the run has diverged, beside the first loss.
  private let referenceLoss: Double
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
    (self.experiment, self.run, self.dynamics) = (experiment, run, dynamics)
    probe = SharpnessProbe(
      objective: objective, over: run.measure.batch(of: experiment.examples), settings: run.measure.spectra,
      quantities: run.measure.quantities.map { $0.makeQuantity(for: objective) }, seed: UInt64(run.seed))
    midpoint = MidpointIterate(objective, over: probe.batch)
    sampler = run.sampler(examples: experiment.examples)
    weights = try InitialWeights.make(for: run, model: experiment.model)
    gradient = Vector(count: objective.parameterCount)
    referenceLoss = try objective.loss(at: Vector(count: weights.count)).loss
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
    if hasDiverged(batch.loss) {
      record(batch, gradientNorm, keeping: keptWeights)
      return .diverged(step: step)
    }
    beforeLastStep = run.keepsState && isGoalDue ? carried.copied : nil
    let kept = keptWeights
    let done = try take(batch)
    record(batch, gradientNorm, keeping: kept, done.motion?.values ?? [:])
    if let measurement = done.measurement { recording.append(measurement) }
    if let reason = done.reason { return .finished(reason) }
    beforeLastStep = nil
    if let halt = done.motion?.halt { return .halted(halt) }
    step += 1
    return nil
  }

  /// Where the same point is needed afterwards, what that needs is computed on the way.
  private func evaluate() throws -> BatchLoss {
    let (batch, objective) = (sampler.batch(at: step), experiment.objective)
    let isSharedWithProbe = isMeasured && midpoint.previous == nil && batch == probe.batch
    guard isSharedWithProbe || dynamics.demand(over: step) == .hessian else {
      return try objective.gradient(at: weights, batch: batch, into: gradient)
    }
    let shared = try objective.linearize(at: weights, batch: batch, gradient: gradient)
    linearized = shared.linearized
    return shared.loss
  }

  /// A copy of the weights, where those before this step are kept.
  private var keptWeights: Vector<Scalar>? {
    guard let interval = run.keptWeights.interval, step % interval == 0 else { return nil }
    let copy = Vector<Scalar>(count: weights.count)
    copy.copy(from: weights)
    return copy
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

  /// What a step has come to: a measurement where one was due, why the run stops before it, or how it went.
  private typealias Taken = (measurement: Measurement?, reason: StopReason?, motion: Motion?)

  /// Lets the dynamics see the gradient, measures, and moves the weights; where the group leaves meanwhile, all is as it
  /// was before the step.
  private func take(_ batch: BatchLoss) throws -> Taken {
    let mayLeave =
      isMeasured || dynamics.learningRate.isNaN || isGoalDue || dynamics.demand(over: step) != .nothing
    let before = mayLeave ? (dynamics: dynamics.carried.copied, probe: probe.carried) : nil
    dynamics.observe(gradient, at: weights, before: step)
    do {
      if dynamics.learningRate.isNaN { try setCriticalRate(point(batch.loss)) }
      let measurement = try measureIfDue(point(batch.loss))
      if let reason = try stopReason(batch) { return (measurement, reason, nil) }
      if isAtMidpoint { midpoint.remember(weights) }
      linearized = nil
      let start = StepStart(step: step, gradient: gradient, loss: batch.loss)
      return (measurement, nil, try dynamics.advance(weights, from: start))
    } catch {
      let isWhole = before.map { dynamics.restore($0.dynamics) && probe.restore($0.probe) }
      precondition(isWhole ?? true, "Dynamics and probe take their own state back.")
      throw error
    }
  }

  private func point(_ loss: Double) -> RunPoint<Scalar> {
    RunPoint(
      step: step, weights: weights, gradient: gradient, loss: loss, batch: sampler.batch(at: step),
      stability: dynamics.stability(at: step), linearized: linearized)
  }

  /// Measures the sharpness at the first weights with a probe of its own, so that what is recorded does not depend on it.
  private func setCriticalRate(_ point: RunPoint<Scalar>) throws {
    let probe = SharpnessProbe(
      objective: experiment.objective, over: probe.batch,
      settings: SharpnessSettings(solver: run.measure.spectra.solver), seed: UInt64(run.seed))
    let first = try probe.measure(at: point)
    try dynamics.setCriticalRate(
      sharpness: first.criticalSharpness(maximumProducts: run.measure.maximumProducts))
  }

  private func measureIfDue(_ point: @autoclosure () -> RunPoint<Scalar>) throws -> Measurement? {
    guard isMeasured else { return nil }
    let iterate = point()
    let place = isAtMidpoint ? try midpoint.point(around: iterate) : iterate
    var measurement = try probe.measure(at: place)
    if run.measure.test { measurement.test = try experiment.objective.evaluateTest(at: place.weights) }
    return measurement
  }

  /// The weights of a flow are between those of the optimizer already.
  private var isAtMidpoint: Bool { run.measure.at == .midpoint && run.process == nil }

  private var isMeasured: Bool { run.measure.every.map { step % $0 == 0 } ?? false }

  // MARK: - Stop rules

  /// Held against the first loss, or against that of zero weights, which predict 0, where the run starts below it.
  private func hasDiverged(_ loss: Double) -> Bool {
    !loss.isFinite || loss > run.stop.lossLimit * max(firstLoss, referenceLoss)
  }

  /// Goals are about the whole training set, so with minibatches they are judged once an epoch.
  private var isGoalDue: Bool {
    run.stop.hasGoal && step % (experiment.examples / experiment.batchSize) == 0
  }

  private func stopReason(_ batch: BatchLoss) throws -> StopReason? {
    guard isGoalDue else { return nil }
    let isFull = experiment.batchSize == experiment.examples
    let loss =
      isFull ? batch : try experiment.objective.loss(at: weights)
    if let goal = run.stop.trainAccuracy, let accuracy = loss.accuracy, accuracy >= goal {
      return .trainAccuracy
    }
    if let goal = run.stop.trainLoss, loss.loss <= goal { return .trainLoss }
    return nil
  }
}
