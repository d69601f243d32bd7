import Datasets
import Foundation
import Jobs
import Learning
import Optimizers
import Schema
import Testing
import TestSupport

@testable import Shards
@testable import Training

/// A longer run of the same trajectory goes on from where a shorter one ended; another run may branch off there.
@Suite struct ExtensionTests {
  private let folder: RunFolder
  private var files: RunFiles { folder.files }

  init() throws { folder = try RunFolder() }

  private static func run(_ changes: [String]) throws -> RunConfiguration {
    let yaml = """
      name: extension
      data: {name: gaussian-mixture, examples: 16, features: 4, classes: 3}
      model: {name: mlp, hidden: [5], activation: tanh}
      precision: double
      learning_rate: 0.02
      stop: {steps: 10}
      measure: {every: 3, top: 2}
      keep_state: true
      """
    return try JobFile.plan(yaml: yaml, file: "job.yaml", overrides: changes).runs[0]
  }

  private func train(_ run: RunConfiguration) throws -> (
    record: RunRecord, sessions: [RunSession], notes: [String]
  ) {
    var attempt = RunAttempt(
      run, saving: CheckpointRule(seconds: nil), in: files,
      provenance: folder.provenance,
      reduction: SoloReduction())
    guard
      case .ended(let record) = try attempt.compute(
        run.data.load(as: Double.self), residualMemory: .max, progress: { _ in })
    else { throw GroupLeaving() }
    return (record, [RunSession](json: record.text(.sessionsJson) ?? ""), attempt.notes)
  }

  private func forgetStates() throws {
    for state in try files.keptStates() { try FileManager.default.removeItem(atPath: state.path) }
  }

  @Test(arguments: OptimizerConfiguration.names) func aLongerRunGoesOn(optimizer: String) throws {
    let rest = ["optimizer=\(optimizer)", "batch_size=5", "measure.at=midpoint"]
    let whole = try train(Self.run(rest + ["stop.steps=20"])).record
    try forgetStates()
    _ = try train(Self.run(rest))
    let longer = try train(Self.run(rest + ["stop.steps=20"]))
    #expect(longer.sessions.last?.firstStep == 10)
    #expect(longer.record.differences(from: whole) == [])
  }

  /// A goal ends a run in the middle of a step; without the goal it goes on from there.
  @Test(arguments: ["full", "4"]) func aRunThatReachedItsGoalGoesOn(batchSize: String) throws {
    let rest = ["optimizer=adam", "learning_rate=0.03", "batch_size=\(batchSize)", "stop.steps=60"]
    let whole = try train(Self.run(rest)).record
    try forgetStates()
    let goal = whole.reals(.trainLoss)[0] / 1.5
    let first = try train(Self.run(rest + ["stop.train_loss=\(goal)"])).record
    #expect(first.text(.stopReason) == "train_loss" && first.stepCount < 60)
    let longer = try train(Self.run(rest))
    #expect((longer.sessions.last?.firstStep ?? 0) >= first.stepCount - 1)
    #expect(longer.record.differences(from: whole) == [])
  }

  /// Steps at which a goal is looked at, and not reached, leave the end where it is.
  @Test func aGoalOutOfReachMovesNoEnd() throws {
    let run = try Self.run(["optimizer=gd", "stop.train_accuracy=1", "stop.steps=12"])
    #expect(try train(run).record.text(.stopReason) == "steps")
    #expect(try files.keptStates().map(\.step) == [12])
  }

  /// Weights kept along the way belong to both parts; from an end without them no run goes on that wants them.
  @Test func weightsKeptAlongTheWayAreThoseOfTheWholeRun() throws {
    let rest = ["optimizer=adam", "keep_weights={every: 4}"]
    let whole = try train(Self.run(rest + ["stop.steps=20"])).record
    try forgetStates()
    _ = try train(Self.run(rest))
    let longer = try train(Self.run(rest + ["stop.steps=20"]))
    #expect(longer.sessions.last?.firstStep == 10 && longer.record.differences(from: whole) == [])
    #expect(longer.record.integers(.keptStep) == [0, 4, 8, 12, 16])
    try forgetStates()
    _ = try train(Self.run(["optimizer=adam", "keep_weights=final"]))
    let other = try train(Self.run(rest + ["stop.steps=20"]))
    #expect(other.sessions.last?.firstStep == 0 && other.record.differences(from: whole) == [])
  }

  /// One that might have stopped earlier does not.
  @Test func aRunWithAnotherGoalBeginsAnew() throws {
    _ = try train(Self.run(["optimizer=gd"]))
    let other = try train(Self.run(["optimizer=gd", "stop.steps=20", "stop.train_accuracy=0.2"]))
    #expect(other.sessions.count == 1 && other.sessions[0].firstStep == 0)
  }

  /// A cosine that comes down at the last step is another one in a longer run; one with its own length is not.
  @Test func aCosineDownToTheLastStepIsAnotherTrajectory() throws {
    let moving = "schedule={name: cosine}", fixed = "schedule={name: cosine, steps: 30}"
    for (schedule, firstStep) in [(moving, 0), (fixed, 10)] {
      _ = try train(Self.run(["optimizer=gd", schedule]))
      let longer = try train(Self.run(["optimizer=gd", schedule, "stop.steps=20"]))
      #expect(longer.sessions.last?.firstStep == firstStep)
    }
  }

  @Test func aBranchStartsFromTheStateOfAnotherRun() throws {
    let source = try Self.run(["optimizer=adam", "keep_weights=final", "seed=3"])
    let weights = try #require(try train(source).record.weights)
    let same = try train(
      Self.run(["optimizer=adam", "seed=3", "init.run=\(source.id)", "keep_weights=final", "stop.steps=0"]))
    #expect(same.record.weights?.doubles == weights.doubles)
    // With its optimizer's state, and the same full batches, a branch takes the steps that the longer run takes.
    let branch = try train(Self.run(["optimizer=adam", "seed=3", "init.run=\(source.id)", "stop.steps=10"]))
      .record
    let longer = try train(Self.run(["optimizer=adam", "seed=3", "stop.steps=20", "measure.top=1"])).record
    #expect(branch.reals(.trainLoss) == Array(longer.reals(.trainLoss).suffix(10)))
    let fresh = try train(
      Self.run(["optimizer=adam", "seed=3", "init={run: \(source.id), state: weights}", "stop.steps=10"])
    ).record
    #expect(fresh.reals(.trainLoss)[0] == branch.reals(.trainLoss)[0])
    #expect(fresh.reals(.trainLoss)[2] != branch.reals(.trainLoss)[2])
    let other = try train(Self.run(["optimizer=gd", "init.run=\(source.id)", "learning_rate=0.1"])).record
    #expect(other.reals(.trainLoss)[0] == branch.reals(.trainLoss)[0])
  }

  @Test func aBranchWithoutItsStateSaysWhatToDo() throws {
    let error = #expect(throws: (any Error).self) {
      try train(Self.run(["optimizer=gd", "init.run=nobody"]))
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("keep_state: true"))
    let source = try Self.run(["optimizer=gd"])
    _ = try train(source)
    let step = #expect(throws: (any Error).self) {
      try train(Self.run(["optimizer=gd", "init={run: \(source.id), step: 7}", "learning_rate=0.1"]))
    }
    #expect("\(step.map { "\($0)" } ?? "")".contains("10"))
  }
}
