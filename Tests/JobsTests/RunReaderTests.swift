import JobFixtures
import Testing
import TestSupport

@testable import Jobs

/// Runs of a grid are made from their neighbours, and are what they would be alone.
@Suite struct RunReaderTests {
  private static let axes = [
    "seed: [0, 1, 2]", "learning_rate: [0.1, 0.02]", "batch_size: [full, 10, 20]", "block_size: [auto, 7]",
    "stop.steps: [10, 20]", "stop: [{train_loss: 0.5}, {}]", "model.hidden: [[10], [3, 4]]",
    "model: [{name: mlp, hidden: [4]}, {name: deep-linear, depth: 3, width: 5}]",
    "optimizer: [gd, {name: adam, beta1: 0.5}, {name: adam, beta1: 0.8}, {name: heavy-ball}]",
    "schedule: [constant, cosine, {name: cosine, warmup: 3}]", "schedule.unit: [absolute, critical]",
    "data.degree: [3, 5]", "measure.top: [1, 2, 3]", "measure: [{every: 5}, {every: never}]",
    "init: [{run: a-run, step: 3}, {run: another}, {}]", "precision: [float, double]",
  ]

  @Test func aRunOfAGridIsTheRunAlone() throws {
    let plans = (0..<40).compactMap { try? Self.plan(seed: $0) }
    // Some axes exclude each other.
    #expect(plans.count > 20)
    // In an order in which some are neighbours and some are not.
    var random = SeededGenerator(seed: 0)
    for run in plans.flatMap({ $0.runs + $0.runs.shuffled(using: &random) }) {
      let alone = RunConfiguration(shared: run.shared, point: run.point)
      #expect(run.id == alone.id)
      #expect(ReadBackTests.parts(run) == ReadBackTests.parts(alone), "\(run.configJSON)")
      #expect(run.configJSON == alone.configJSON)
      #expect(run.trajectory == alone.trajectory, "\(run.configJSON)")
    }
  }

  private static func plan(seed: UInt64) throws -> SweepPlan {
    var random = SeededGenerator(seed: seed)
    let chosen = axes.shuffled(using: &random).prefix(3)
    let text = JobText.with("grid:\n  - " + chosen.joined(separator: "\n    "))
    return try JobFile.plan(yaml: text, file: "job.yaml", checkingData: false)
  }
}
