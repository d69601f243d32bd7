import Conformance
import Datasets
import Foundation
import JobFixtures
import Optimizers
import Problems
import Schema
import Testing
import TestSupport

@testable import Jobs
@testable import Shards
@testable import Training

/// A run that is left, saved and taken up again, by other groups and as often as one likes, is the run that never was.
@Suite struct ResumptionTests {
  private let folder: RunFolder
  private var files: RunFiles { folder.files }

  init() throws { folder = try RunFolder() }

  private static func run(_ changes: [String]) throws -> RunConfiguration {
    let yaml = """
      name: resumption
      data: {name: gaussian-mixture, examples: 16, features: 4, classes: 3, test_examples: 6}
      model: {name: mlp, hidden: [5], activation: tanh}
      block_size: 3
      learning_rate: 0.02
      stop: {steps: 14}
      measure: {every: 3, top: 2}
      """
    return try JobFile.plan(yaml: yaml, file: "job.yaml", overrides: changes).runs[0]
  }

  /// One session of a group, whose members begin to wish to leave after some blocks, or never.
  ///
  /// - Returns: the record where the run has ended; nil where it was left.
  private func session(
    _ run: RunConfiguration, ranks: Int, leavingAfter blocks: [Int: Int] = [:],
    saving rule: CheckpointRule = CheckpointRule(seconds: nil)
  ) throws -> RunRecord? {
    let (files, provenance) = (files, folder.provenance)
    let results = ThreadGroup.run(size: ranks) { member -> Result<RunRecord?, any Error> in
      Result {
        if let limit = blocks[member.rank] { member.wish = { $0 >= limit } }
        var attempt = RunAttempt(
          run, saving: rule, in: files, provenance: provenance, reduction: member)
        let result =
          try run.precision == .float
          ? attempt.compute(run.data.load(as: Float.self), residualMemory: .max) { _ in }
          : attempt.compute(run.data.load(as: Double.self), residualMemory: .max) { _ in }
        if case .ended(let record) = result { return record }
        return nil
      }
    }
    let records = try results.map { try $0.get() }
    #expect(records.allSatisfy { ($0 == nil) == (records[0] == nil) }, "all leave, or none")
    return records[0]
  }

  /// Leaves the run again and again, each time after other numbers of blocks and in another group.
  private func interrupted(_ run: RunConfiguration, _ generator: inout SeededGenerator) throws -> (
    RunRecord, Int
  ) {
    for sessions in 1...60 {
      let ranks = [1, 2, 4].randomElement(using: &generator) ?? 1
      let leaver = Int.random(in: 0..<ranks, using: &generator)
      let blocks = Int.random(in: 20...70, using: &generator)
      if let record = try session(run, ranks: ranks, leavingAfter: [leaver: blocks]) {
        return (record, sessions)
      }
    }
    let record = try #require(try session(run, ranks: 1))
    return (record, 61)
  }

  private func check(_ changes: [String], seed: UInt64) throws {
    let run = try Self.run(changes)
    let whole = try #require(try session(run, ranks: 1))
    CheckpointFiles.remove(files.checkpoints, run: run.id)
    var generator = SeededGenerator(seed: seed)
    let (parts, sessions) = try interrupted(run, &generator)
    #expect(parts.differences(from: whole) == [], "\(changes)")
    #expect(sessions > 1, "\(changes): it was never left")
    #expect(parts.measurementCount > 0 && parts.stepCount == whole.stepCount)
    CheckpointFiles.remove(files.checkpoints, run: run.id)
  }

  @Test(arguments: OptimizerConfiguration.names) func everyOptimizerGoesOn(name: String) throws {
    let rate = name == "adadelta" ? 1 : 0.02
    for (seed, precision) in ["float", "double"].enumerated() {
      try check(
        ["optimizer=\(name)", "learning_rate=\(rate)", "precision=\(precision)", "batch_size=7"],
        seed: UInt64(seed))
    }
  }

  @Test(arguments: [
    "optimizer={name: adafactor, clip: 1, relative_step: true, decay_rate: 0.8}",
    "optimizer={name: adam, freeze_preconditioner: 5}", "optimizer={name: padam, running_maximum: true}",
    "optimizer={name: nadam, momentum_decay: 0.004, weight_decay: 0.1}",
  ]) func optimizersGoOnWithWhatElseTheyCarry(optimizer: String) throws {
    try check([optimizer], seed: 3)
  }

  @Test(arguments: [
    "schedule={name: cosine, warmup: 3}", "schedule={name: piecewise, at: [4, 9], factors: [0.5, 2]}",
    "schedule={unit: critical}", "schedule={unit: critical, warmup: 2}",
  ]) func everyScheduleGoesOn(schedule: String) throws {
    try check(
      ["optimizer=adam", schedule] + (schedule.contains("critical") ? ["learning_rate=0.7"] : []), seed: 4)
  }

  @Test(arguments: [
    ["measure.at=midpoint"], ["measure.smallest=true"], ["measure.track=0.1"], ["measure.per_layer=true"],
    ["measure.trace=2"], ["measure.density_probes=2", "measure.density_every=2", "measure.density_steps=4"],
    ["measure.direction=true", "measure.at=midpoint"], ["measure.alignments=true", "measure.overlaps=true"],
    ["measure.batch_sharpness=2", "batch_size=5"], ["measure.batch_hessian=true", "batch_size=5"],
    ["measure.noise_scale=2", "batch_size=5"], ["measure.examples=9"], ["measure.cold_every=2"],
    ["stop.train_accuracy=1", "batch_size=5"], ["keep_weights=final"], ["loss=cross-entropy"],
    ["keep_weights={every: 3}"], ["measure.sketch=true", "measure.sketch_every=2", "measure.at=midpoint"],
  ]) func everyQuantityGoesOn(keys: [String]) throws {
    try check(["optimizer=rmsprop", "learning_rate=0.003"] + keys, seed: 5)
  }

  /// The sharpness is at the edge from the beginning, so that a central flow has third derivatives to take.
  @Test(arguments: ["gradient-flow", "stable-flow", "central-flow", "rod-flow"])
  func everyFlowGoesOn(process: String) throws {
    let edge = ["schedule.unit=critical", "learning_rate=1.02", "optimizer=gd"]
    try check(edge + ["process=\(process)", "precision=double"], seed: 6)
    try check(edge + ["process=\(process)", "flow.warm_start=4", "measure.every=1"], seed: 7)
  }

  @Test(arguments: ["scalar-rmsprop", "rmsprop"], ["stable-flow", "central-flow"])
  func flowsGoOnWithWhatTheirOptimizersCarry(optimizer: String, process: String) throws {
    try check(
      [
        "optimizer={name: \(optimizer), beta2: 0.9}", "learning_rate=0.05", "process=\(process)",
        "flow={warm_start: 3, sharpness_limit: 1e6}", "block_size=4",
      ], seed: 8)
  }

  /// A run saved at every step of its course, by time or by steps, leaves no other trace.
  @Test func savingChangesNoBit() throws {
    let run = try Self.run(["optimizer=adam", "keep_weights=final"])
    let plain = try #require(try session(run, ranks: 2))
    let saved = try #require(try session(run, ranks: 2, saving: CheckpointRule(seconds: 0, steps: 1)))
    #expect(saved.differences(from: plain) == [])
    var checkpoints = CheckpointFiles(files.checkpoints, run: run.id)
    let (found, problems) = checkpoints.read()
    #expect(found?.record.stepCount == 13 && problems.isEmpty)
    #expect(found?.record.status == .interrupted)
  }

  /// Somebody has given the checkpoint of a run the name of another.
  @Test func aCheckpointOfAnotherRunIsNotUsed() throws {
    let (run, other) = (try Self.run(["optimizer=adam"]), try Self.run(["optimizer=gd"]))
    _ = try session(other, ranks: 1, saving: CheckpointRule(seconds: nil, steps: 5))
    let path = CheckpointFiles.paths(files.checkpoints, run: run.id)[0]
    let source = CheckpointFiles.paths(files.checkpoints, run: other.id)[0]
    try FileManager.default.moveItem(atPath: source, toPath: path)
    var checkpoints = CheckpointFiles(files.checkpoints, run: run.id)
    let (found, problems) = checkpoints.read()
    #expect(found == nil && problems.map(\.subject) == [path])
    #expect(try session(run, ranks: 1) != nil)
  }

  /// The newer of the two files may be cut or damaged: then the older one is gone on with, and it is said.
  @Test func adamagedCheckpointCostsOneInterval() throws {
    let run = try Self.run(["optimizer=adam"])
    let whole = try #require(try session(run, ranks: 1, saving: CheckpointRule(seconds: nil, steps: 5)))
    let paths = CheckpointFiles.paths(files.checkpoints, run: run.id)
    var newest = CheckpointFiles(files.checkpoints, run: run.id)
    #expect(newest.read().found?.record.stepCount == 10)
    for path in paths {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: path))
      var checkpoints = CheckpointFiles(files.checkpoints, run: run.id)
      let (found, problems) = checkpoints.read()
      #expect(problems.count == 1 && problems[0].subject == path)
      #expect(found != nil)
      let again = try #require(try session(run, ranks: 1))
      #expect(again.differences(from: whole) == [])
      try bytes.write(to: URL(fileURLWithPath: path))
    }
  }

  /// Two halves computed under other numerics belong to no run: it begins again, and says why.
  @Test func otherNumericsAreNotGoneOnWith() throws {
    let run = try Self.run(["optimizer=gd"])
    _ = try session(run, ranks: 1, saving: CheckpointRule(seconds: nil, steps: 5))
    var other = folder.provenance
    other.blasCore = "another"
    var checkpoints = CheckpointFiles(files.checkpoints, run: run.id)
    let start = try RunStartFinder(run: run, files: files, numerics: other.numerics).find(&checkpoints)
    #expect(start.kind == .new && start.record == nil)
    #expect(start.notes.count == 1 && start.notes[0].contains("other numerics"))
  }
}
