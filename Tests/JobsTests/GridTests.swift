import Datasets
import JobFixtures
import Learning
import Optimizers
import Probes
import Schema
import Testing

@testable import Jobs

@Suite struct GridTests {
  private func runs(_ grid: String, _ changes: String...) throws -> [RunConfiguration] {
    var text = JobText.with()
    for change in changes { text += change + "\n" }
    return try JobText.plan(text + "grid:\n" + grid).runs
  }

  @Test func `a job without a grid is one run`() throws {
    let plan = try JobText.plan(JobText.with())
    #expect(plan.runs.count == 1)
    #expect(plan.runs[0].data == .chebyshev(ChebyshevData(degree: 4, points: 20)))
    #expect(plan.runs[0].model == .mlp(MLPConfiguration(hidden: [10])))
    #expect(plan.runs[0].optimizer == OptimizerConfiguration("gd"))
    #expect(plan.runs[0].batchSize == .full)
    #expect(plan.runs[0].stop.steps == 10)
  }

  @Test func `a block is the product of its lists, the last varying fastest`() throws {
    let runs = try runs("  - seed: [0, 1]\n    learning_rate: [0.1, 0.2, 0.3]\n")
    #expect(runs.map(\.seed) == [0, 0, 0, 1, 1, 1])
    #expect(runs.map(\.learningRate) == [0.1, 0.2, 0.3, 0.1, 0.2, 0.3])
  }

  @Test func `blocks follow one another`() throws {
    let runs = try runs("  - seed: [5, 6]\n  - learning_rate: 0.7\n  - {}\n")
    #expect(runs.map(\.seed) == [5, 6, 0, 0])
    #expect(runs.map(\.learningRate) == [0.1, 0.1, 0.7, 0.1])
  }

  @Test func `sections stand in the grid as maps, lists of maps, words and dotted keys`() throws {
    let grid = """
        - optimizer: [gd, {name: heavy-ball, momentum: [0.5, 0.8]}]
          stop: {steps: [1, 2]}
          measure.every: [3, never]
      """
    let runs = try runs(grid)
    #expect(runs.count == 12)
    #expect(
      runs.prefix(12).map(\.optimizer)
        == Array(repeating: OptimizerConfiguration("gd"), count: 4)
        + Array(repeating: OptimizerConfiguration("heavy-ball", [.momentum: 0.5]), count: 4)
        + Array(repeating: OptimizerConfiguration("heavy-ball", [.momentum: 0.8]), count: 4))
    #expect(runs.prefix(4).map(\.stop.steps) == [1, 1, 2, 2])
    #expect(runs.prefix(4).map(\.measure.every) == [3, nil, 3, nil])
  }

  @Test func `a word that is not possible is found among numbers`() {
    let text = JobText.with("data: {name: gaussian-mixture}")
    let grid = "grid:\n  - {seed: [1, 2], data.examples: [10, 20, all, 30]}\n"
    #expect(JobText.problems(text + grid).contains { $0.contains("'all' is not possible") })
  }

  @Test func `the axes of a grid are the keys with several values`() throws {
    let grid = """
      grid:
        - seed: {range: [0, 11]}
          optimizer: {name: [gd, nesterov], weight_decay: 0.1}
          learning_rate: [0.3, 1e-3]
        - batch_size: [full, 10]
          learning_rate: 0.1
      """
    let axes = try JobText.plan(JobText.with() + grid).axes
    #expect(
      axes.map(\.summary) == [
        "seed: 12 values, 0 to 11", "optimizer.name: gd, nesterov", "learning_rate: 0.3, 0.001, 0.1",
        "batch_size: full, 10",
      ])
    #expect(try JobText.plan(JobText.with()).axes.isEmpty)
  }

  @Test func `a flat list is one value of a key that takes lists`() throws {
    #expect(try runs("  - model.hidden: [3, 4]\n").map(\.model) == [.mlp(MLPConfiguration(hidden: [3, 4]))])
    let several = try runs("  - model.hidden: [[3, 4], [5], []]\n")
    #expect(several.map(\.model) == [[3, 4], [5], []].map { .mlp(MLPConfiguration(hidden: $0)) })
  }

  @Test func `shared keys of a section remain where the grid keeps its name, and only there`() throws {
    let shared = "name: test\ndata: {name: gaussian-mixture, features: 7, examples: 30}\n"
    let rest = "model: mlp\noptimizer: gd\nlearning_rate: 1\n"
    let grid = "grid:\n  - data: [{classes: 3}, {name: gaussian-mixture, classes: 4}, {name: chebyshev}]\n"
    let runs = try JobText.plan(shared + rest + grid).runs
    #expect(
      runs.map(\.data) == [
        .gaussianMixture(GaussianMixtureData(examples: 30, features: 7, classes: 3)),
        .gaussianMixture(GaussianMixtureData(examples: 30, features: 7, classes: 4)),
        .chebyshev(ChebyshevData()),
      ])
  }

  @Test func `ranges include both ends`() throws {
    let log = try runs("  - learning_rate: {logspace: [1e-5, 1e-3], count: 5}\n").map(\.learningRate)
    #expect(log == [1e-5, 3.16227766017e-5, 1e-4, 3.16227766017e-4, 1e-3])
    let linear = try runs("  - learning_rate: {linspace: [0.1, 0.4], count: 4}\n").map(\.learningRate)
    #expect(linear == [0.1, 0.2, 0.3, 0.4])
    #expect(try runs("  - seed: {range: [2, 8], step: 3}\n").map(\.seed) == [2, 5, 8])
    #expect(try runs("  - seed: [7, {range: [0, 2]}]\n").map(\.seed) == [7, 0, 1, 2])
    let batches = try runs("  - batch_size: [full, {logspace: [2, 16], count: 4}]\n").map(\.batchSize)
    #expect(batches == [.full, .examples(2), .examples(4), .examples(8), .examples(16)])
  }

  @Test func `identical points of different blocks are computed once, with a note`() throws {
    let plan = try JobText.plan(JobText.with("grid: [{seed: [0, 1]}, {seed: [1, 2], learning_rate: 1e-1}]"))
    #expect(plan.runs.map(\.seed) == [0, 1, 2])
    #expect(plan.notes == ["1 point of the grid repeats an earlier one; each run is computed once."])
  }

  @Test func `more ranks per run than blocks are noted`() throws {
    func notes(_ blocks: String) throws -> [String] {
      try JobText.plan(JobText.with(blocks, "ranks_per_run: 4", "grid: [{seed: [0, 1]}]")).notes
    }
    #expect(try notes("block_size: 5") == [])
    #expect(try notes("block_size: 6") == [])
    #expect(try notes("block_size: 7").first?.contains("2 runs have fewer blocks") == true)
  }

  @Test func `a large grid is expanded`() throws {
    let runs = try runs("  - seed: {range: [0, 99]}\n    learning_rate: {linspace: [0.1, 0.2], count: 100}\n")
    #expect(runs.count == 10_000)
    #expect(Set(runs.map(\.id)).count == 10_000)
  }
}
