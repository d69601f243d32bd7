import Jobs
import Learning
import LinearAlgebra
import Probes
import Schema
import Shards
import Testing

@testable import Datasets
@testable import Training

@Suite struct TrainerTests {
  private static func run(_ changes: String...) throws -> RunConfiguration { try run(changes) }

  private static func run(_ changes: [String]) throws -> RunConfiguration {
    let yaml = """
      name: trainer
      data: {name: chebyshev, degree: 3, points: 20}
      model: {name: mlp, hidden: [20], activation: tanh}
      loss: mse
      precision: double
      optimizer: gd
      learning_rate: 0.05
      stop: {steps: 40}
      measure: {every: 10, top: 2}
      """
    return try JobFile.plan(yaml: yaml, file: "trainer.yaml", overrides: changes).runs[0]
  }

  private static func train(_ run: RunConfiguration) throws -> Trained { try Trained(run) }

  @Test func recordsEveryStepAndEveryMeasurement() throws {
    let result = try Self.train(Self.run())
    #expect(result.outcome == .finished(.steps))
    #expect(result.steps == 40)
    #expect(result.gradientNorm.count == 40)
    #expect(result.measuredSteps == [0, 10, 20, 30])
    // The operator counts what it is asked for, the eigensolver what it asks for.
    let recording = result.recording
    #expect(recording.hessianProducts == Int(recording.values(.hessianSolveProducts).reduce(0, +)))
    #expect(recording.values(.productsUsed).allSatisfy { $0 >= 2 })
    #expect(result.record.weights == nil)
    #expect(result.record.integer(.parameters) == 61)
  }

  /// Below the threshold gradient descent decreases the loss at every step, by about `eta |g|^2`.
  @Test func smallStepsDescendAsTheGradientSays() throws {
    let rate = 1e-4
    let result = try Self.train(Self.run("learning_rate=\(rate)"))
    for (step, norm) in result.gradientNorm.dropLast().enumerated() {
      let decrease = result.trainLoss[step] - result.trainLoss[step + 1]
      #expect(abs(decrease - rate * norm * norm) < 0.01 * rate * norm * norm)
    }
  }

  @Test func stopsAtALossGoal() throws {
    let free = try Self.train(Self.run())
    let goal = free.trainLoss[17]
    let result = try Self.train(Self.run("stop.train_loss=\(goal)"))
    #expect(result.outcome == .finished(.trainLoss))
    #expect(result.trainLoss == Array(free.trainLoss.prefix { $0 > goal }) + [result.trainLoss.last])
  }

  @Test func divergenceIsAResultWithItsStep() throws {
    let result = try Self.train(Self.run("learning_rate=1e6", "stop.loss_limit=100"))
    guard case .diverged(let step) = result.outcome else {
      Issue.record("\(result.outcome)")
      return
    }
    #expect(step == result.steps - 1)
    let limit = 100 * max(result.trainLoss[0], Self.lossOfZero)
    #expect(!(result.trainLoss[step] <= limit))
    #expect(result.trainLoss.dropLast().allSatisfy { $0 <= limit })
  }

  /// It is known before the first step, so it is not lost where there is none, or none after a loss of infinity.
  @Test func theStepSizeOfTheJobIsRecordedWhateverHappens() throws {
    let empty = try Self.train(Self.run("stop.steps=0"))
    #expect(empty.learningRate == 0.05)
    let lost = try Self.train(Self.run("model.gains=[1, 1e200]"))
    #expect(lost.outcome == .diverged(step: 0))
    #expect(lost.learningRate == 0.05 && lost.stepSize == [0.05])
  }

  /// Half the mean square of T_3 = 4 x^3 - 3 x over the 20 points.
  private static var lossOfZero: Double {
    let squares = (0..<20).map { index -> Double in
      let x = -1 + 2 * Double(index) / 19
      let target = 4 * x * x * x - 3 * x
      return target * target
    }
    return squares.reduce(0, +) / 40
  }

  /// Example by example the first loss may be anything, also next to nothing.
  @Test func aRunThatStartsWellIsNotTakenForDiverged() throws {
    for seed in 0..<10 {
      let result = try Self.train(
        Self.run("batch_size=1", "stop.loss_limit=20", "stop.steps=200", "learning_rate=0.01", "seed=\(seed)")
      )
      #expect(result.outcome == .finished(.steps))
    }
  }

  /// A lucky batch is no reason to stop.
  @Test func goalsAreAboutAllExamples() throws {
    let result = try Self.train(
      Self.run("batch_size=5", "stop.train_loss=0.15", "stop.steps=20000", "measure.every=never"))
    #expect(result.outcome == .finished(.trainLoss))
    #expect((result.steps - 1) % 4 == 0)
    let lucky = try #require(result.trainLoss.firstIndex { $0 <= 0.15 })
    #expect(lucky < result.steps - 1)
  }

  private struct Left: Error {}

  @Test func aHeartbeatCanLeaveTheRun() throws {
    #expect(throws: Left.self) {
      _ = try Trained(Self.run()) { if $0 == 7 { throw Left() } }
    }
  }

  @Test func crossingIsTheFirstMeasurementAtTheThreshold() throws {
    let recording = try Self.train(Self.run()).recording
    func crossing(_ ratios: [Double]) -> Int? {
      var measured = Dictionary(
        uniqueKeysWithValues: recording.variables.map { ($0, recording.rows($0)) })
      measured[.stabilityThreshold] = zip(recording.values(.sharpness), ratios).map { [$0 / $1] }
      let changed = Recording(
        trainLoss: recording.trainLoss, trainAccuracy: recording.trainAccuracy,
        gradientNorm: recording.gradientNorm, stepSize: recording.stepSize, measured: measured,
        measurements: recording.measurements)
      return CrossingAnalysis(changed, hasDiverged: false).firstCrossingStep
    }
    #expect(crossing([0.5, 0.99, 1.01, 0.5]) == 20)
    #expect(crossing([0.5, 0.5, 0.5, 1]) == 30)
    #expect(crossing([0.5, 0.99, 0.9, 0.5]) == nil)
  }

  /// Where a run is measured is none of the run's business.
  @Test func measuringAtMidpointsLeavesTheTrajectoryAlone() throws {
    let plain = try Self.train(Self.run("optimizer=adam", "learning_rate=0.001"))
    let midpoint = try Self.train(Self.run("optimizer=adam", "learning_rate=0.001", "measure.at=midpoint"))
    #expect(midpoint.trainLoss == plain.trainLoss)
    #expect(midpoint.measuredSteps == plain.measuredSteps)
    #expect(midpoint.recording.values(.measuredAt) == [0, 1, 1, 1])
    #expect(midpoint.recording.rows(.hessianEigenvalues)[1] != plain.recording.rows(.hessianEigenvalues)[1])
  }

  /// The update of the last step is never made, but computed ahead; so is that of a step at which a goal is reached.
  @Test func theLastStepHasAMidpoint() throws {
    let longer = try Self.train(Self.run("measure.at=midpoint", "stop.steps=42"))
    let goal = longer.trainLoss[40]
    #expect(longer.trainLoss.prefix(40).allSatisfy { $0 > goal })
    for end in ["stop.steps=41", "stop.train_loss=\(goal)"] {
      let result = try Self.train(Self.run("measure.at=midpoint", "stop.steps=42", end))
      #expect(result.steps == 41)
      #expect(result.measuredSteps.last == 40 && result.recording.values(.measuredAt).last == 1)
      for variable in [Variable.hessianEigenvalues, .hessianResiduals, .hessianErrors] {
        #expect(result.recording.rows(variable).last == longer.recording.rows(variable)[4])
      }
    }
  }

  /// The loss at the kept weights is the one a longer run records next.
  @Test func keptWeightsAreThoseAfterTheLastStep() throws {
    let longer = try Self.train(Self.run())
    let run = try Self.run("keep_weights=final", "stop.steps=39")
    let kept = try #require(try Self.train(run).record.weights)
    let model = try run.model.makeModel(features: 1, outputs: 1)
    let objective = try Objective(
      model: model, loss: run.loss, data: run.data.load(as: Double.self), blockSize: run.blockSize)
    let loss = try objective.gradient(at: Vector(kept.doubles), into: Vector(count: kept.count))
    #expect(loss.loss == longer.trainLoss[39])
  }

  /// Those before step `t` are those at the end of a run of `t` steps.
  @Test func weightsKeptAlongTheWayAreTheEndsOfShorterRuns() throws {
    let run = try Self.run("keep_weights={every: 7}", "stop.steps=15", "optimizer=adam")
    let kept = try Self.train(run).recording.kept
    #expect(kept.map(\.step) == [0, 7, 14])
    for (step, weights) in kept {
      let shorter = try Self.run("keep_weights=final", "stop.steps=\(step)", "optimizer=adam")
      #expect(try Self.train(shorter).record.weights?.doubles == weights)
    }
    let record = try Self.train(run).record
    #expect(record.integers(.keptStep) == [0, 7, 14] && record.weights?.count == kept[0].weights.count)
    #expect(record.reals(.keptWeights) == kept.flatMap(\.weights))
  }

  /// A network shorter than a sketch is its own sketch: midpoints of the weights that a run at iterates keeps.
  @Test func sketchesAreTakenWhereTheRunIsMeasured() throws {
    let keys = ["keep_weights={every: 1}", "stop.steps=12", "measure.every=5", "measure.sketch=true"]
    let (iterates, midpoints) = (
      try Self.train(Self.run(keys)).recording,
      try Self.train(Self.run(keys + ["measure.at=midpoint"])).recording
    )
    let weights = iterates.kept.map(\.weights)
    for (index, step) in [0, 5, 10].enumerated() {
      #expect(iterates.rows(SketchConfiguration.sketch)[index] == weights[step])
      let midpoint = midpoints.rows(SketchConfiguration.sketch)[index]
      for (i, value) in midpoint.enumerated() where step > 0 {
        let expected = (weights[step - 1][i] + 2 * weights[step][i] + weights[step + 1][i]) / 4
        #expect(abs(value - expected) < 1e-14)
      }
    }
  }

  /// Loss and gradient at a midpoint are those of the mean of the weights that a run keeps.
  @Test func lossAndGradientAtMidpointsAreRecorded() throws {
    let keys = ["stop.steps=12", "measure.every=5", "learning_rate=0.4"]
    let run = try Self.run(keys + ["keep_weights={every: 1}"])
    let weights = try Self.train(run).recording.kept.map(\.weights)
    let record = try Self.train(Self.run(keys + ["measure.at=midpoint"])).record
    let (losses, norms) = (record.reals(.midpointLoss), record.reals(.midpointGradientNorm))
    #expect(losses[0].isNaN && norms[0].isNaN && losses.count == 3)
    let objective = try Experiment<Double>(run).objective
    for (index, step) in [5, 10].enumerated() {
      let midpoint = Vector<Double>(
        weights[step].indices.map {
          (weights[step - 1][$0] + 2 * weights[step][$0] + weights[step + 1][$0]) / 4
        })
      let gradient = Vector<Double>(count: midpoint.count)
      let loss = try objective.gradient(at: midpoint, into: gradient).loss
      #expect(abs(losses[index + 1] - loss) < 1e-13 && abs(norms[index + 1] - gradient.norm) < 1e-12)
      #expect(losses[index + 1] != record.reals(.trainLoss)[step])
    }
  }

  /// They are recorded at every so many measurements.
  @Test func sketchesCanBeRarerThanMeasurements() throws {
    let keys = ["stop.steps=21", "measure.every=5", "measure.sketch=true", "measure.sketch_every=2"]
    let counts = try Self.train(Self.run(keys)).recording.rows(SketchConfiguration.sketch).map(\.count)
    #expect(counts.map { $0 > 0 } == [true, false, true, false, true])
  }
}
