package import Datasets
package import Jobs
package import Learning
package import LinearAlgebra
import Probes
import Optimizers
import Spectra

/// Trains one run and records it, as one member of a group of ranks.
///
/// Every member holds the same weights and takes the same decisions, because all it decides by has the same
/// bits on every member.
package final class Trainer<Scalar: RealScalar> {
  private let run: RunConfiguration
  private let objective: Objective<Scalar>
  private let optimizer: any Optimizer<Scalar>
  private let probe: SharpnessProbe<Scalar>
  private let midpoint: MidpointIterate<Scalar>?
  private var sampler: BatchSampler
  private let weights: Vector<Scalar>
  private let gradient: Vector<Scalar>
  /// What the loss is held against to tell whether the run has diverged.
  private let referenceLoss: Double
  /// The step size that the schedule scales; NaN until a critical one is measured at the first step.
  private var learningRate: Double
  private var result = RunResult()

  package init(
    _ run: RunConfiguration, data: Dataset<Scalar>, reduction: any GroupReduction, residualMemory: Int = .max
  ) throws {
    self.run = run
    learningRate = run.learningRateUnit == .absolute ? run.learningRate : .nan
    let model = try run.model.makeModel(
      features: data.training.features, outputs: data.training.outputs, image: data.image)
    let objective = try Objective(
      model: model, loss: run.loss, data: data, blockSize: run.blockSize, reduction: reduction,
      residualMemory: residualMemory)
    self.objective = objective
    optimizer = run.optimizer.makeOptimizer(shapes: model.layout.segments.map(\.shape))
    probe = SharpnessProbe(
      objective: objective, over: run.measure.batch(of: data.training.count), settings: run.measure.spectra,
      quantities: run.measure.quantities.map { $0.makeQuantity(for: objective) }, seed: UInt64(run.seed))
    midpoint = run.measure.at == .midpoint ? MidpointIterate(objective, over: probe.batch) : nil
    result.labels = probe.labels
    sampler = run.sampler(examples: data.training.count)
    weights = try InitialWeights.make(for: run, model: model)
    gradient = Vector(count: objective.parameterCount)
    referenceLoss = try objective.gradient(at: Vector(count: weights.count), into: gradient).loss
    result.parameterCount = objective.parameterCount
    result.examples = data.training.count
    result.batchSize = run.batchSize.count(of: data.training.count)
  }

  /// Trains to the end; `heartbeat` is called once a step with the number of steps done, and may throw to leave the run.
  package func train(heartbeat: (Int) throws -> Void) throws -> RunResult {
    let clock = ContinuousClock()
    let start = clock.now
    result.reserve(steps: run.stop.steps)
    for step in 0..<run.stop.steps {
      try heartbeat(step)
      let batchLoss = try evaluate(step)
      if hasDiverged(batchLoss.loss) {
        result.outcome = .diverged(step: step)
        break
      }
      optimizer.absorb(gradient, at: weights)
      if learningRate.isNaN { learningRate = try criticalLearningRate(loss: batchLoss.loss) }
      try measureIfDue(step, loss: batchLoss.loss)
      if let reason = try stopReason(step, batchLoss) {
        result.outcome = .finished(reason)
        break
      }
      midpoint?.remember(weights)
      optimizer.update(weights, gradient: gradient, learningRate: stepSize(at: step))
    }
    result.learningRate = learningRate
    result.stepSize = (0..<result.steps).map(stepSize)
    if run.keptWeights == .final { result.finalWeights = .init(weights) }
    result.wallSeconds = start.duration(to: clock.now) / .seconds(1)
    return result
  }

  private func stepSize(at step: Int) -> Double { learningRate * run.schedule.factor(at: step) }

  private func evaluate(_ step: Int) throws -> BatchLoss {
    let batch = sampler.batch(at: step)
    let isShared = isMeasured(step) && midpoint?.previous == nil && batch == probe.batch
    let batchLoss = try objective.gradient(
      at: weights, batch: batch, into: gradient, linearizing: isShared)
    result.trainLoss.append(batchLoss.loss)
    result.trainAccuracy.append(batchLoss.accuracy ?? .nan)
    result.gradientNorm.append(gradient.norm)
    return batchLoss
  }

  private func point(_ step: Int, loss: Double) -> RunPoint<Scalar> {
    RunPoint(
      step: step, weights: weights, gradient: gradient, loss: loss, batch: sampler.batch(at: step),
      optimizer: optimizer, learningRate: stepSize(at: step))
  }

  /// The step size of a job that counts in critical ones, measured at the first weights with a probe of its own, so
  /// that what is recorded does not depend on it.
  private func criticalLearningRate(loss: Double) throws -> Double {
    let probe = SharpnessProbe(
      objective: objective, over: run.measure.batch(of: result.examples),
      settings: SharpnessSettings(solver: run.measure.spectra.solver), seed: UInt64(run.seed))
    let first = try probe.measure(at: point(0, loss: loss))
    let sharpness = try first.criticalSharpness(maximumProducts: run.measure.maximumProducts)
    let rate = run.learningRate * optimizer.criticalLearningRate(curvature: sharpness)
    let factors = run.schedule.extremes(steps: run.stop.steps)
    for size in [rate * factors.smallest, rate * factors.largest] where !Scalar.holds(size) {
      throw RunError("learning_rate: counted in critical step sizes it is \(size), but \(Scalar.rangeText)")
    }
    return rate
  }

  private func measureIfDue(_ step: Int, loss: Double) throws {
    guard isMeasured(step) else { return }
    let iterate = point(step, loss: loss)
    let place = try midpoint?.point(around: iterate) ?? iterate
    var measurement = try probe.measure(at: place)
    if run.measure.test { measurement.test = try objective.evaluateTest(at: place.weights) }
    result.measurements.append(measurement)
  }

  private func isMeasured(_ step: Int) -> Bool { run.measure.every.map { step % $0 == 0 } ?? false }

  /// Held against the first loss, or against that of zero weights, which predict 0, where the run starts below it.
  private func hasDiverged(_ loss: Double) -> Bool {
    !loss.isFinite || loss > run.stop.lossLimit * max(result.trainLoss[0], referenceLoss)
  }

  /// Goals are about the whole training set, so with minibatches they are judged once an epoch.
  private func stopReason(_ step: Int, _ batchLoss: BatchLoss) throws -> StopReason? {
    guard run.stop.hasGoal, step % (result.examples / result.batchSize) == 0 else { return nil }
    let isFull = result.batchSize == result.examples
    let loss = isFull ? batchLoss : try objective.gradient(at: weights, into: Vector(count: weights.count))
    if let goal = run.stop.trainAccuracy, let accuracy = loss.accuracy, accuracy >= goal {
      return .trainAccuracy
    }
    if let goal = run.stop.trainLoss, loss.loss <= goal { return .trainLoss }
    return nil
  }
}
