import Datasets
import Jobs
import Learning
import Testing

@testable import Shards
@testable import Training

/// What was compiled or read for one run serves the next, and no run notices.
@Suite struct ProgramCacheTests {
  /// Runs of two networks by turns, under two losses, full and in minibatches, with all kinds of programs.
  private static let jobs = [
    ["model.hidden=[5]"], ["model.hidden=[7, 3]", "optimizer=adam"], ["model.hidden=[5]", "seed=3"],
    ["model.hidden=[5]", "loss=cross-entropy"], ["model.hidden=[7, 3]", "batch_size=5", "block_size=4"],
    ["model.hidden=[5]", "process=central-flow", "learning_rate=0.8"],
    ["model.hidden=[5]", "data.examples=20"], ["model.hidden=[5]", "data.features=6"],
  ]

  private static func run(_ changes: [String]) throws -> RunConfiguration {
    let yaml = """
      name: sharing
      data: {name: gaussian-mixture, examples: 16, features: 4, classes: 3, test_examples: 6}
      model: {name: mlp, hidden: [5], activation: tanh}
      loss: mse
      optimizer: gd
      precision: double
      block_size: 3
      learning_rate: 0.02
      stop: {steps: 9}
      measure: {every: 2, top: 2}
      keep_weights: final
      """
    return try JobFile.plan(yaml: yaml, file: "job.yaml", overrides: changes).runs[0]
  }

  private func record(_ run: RunConfiguration, _ programs: ProgramCache<Double>) throws -> RunRecord {
    let folder = try RunFolder()
    var attempt = RunAttempt(
      run, saving: CheckpointRule(seconds: nil), in: folder.files, provenance: folder.provenance,
      reduction: SoloReduction())
    let result = try attempt.compute(
      run.data.load(as: Double.self), programs: programs, residualMemory: .max
    ) { _ in }
    guard case .ended(let record) = result else { throw GroupLeaving() }
    return record
  }

  @Test func runsThatShareProgramsHaveTheSameBits() throws {
    let programs = ProgramCache<Double>()
    let alone = try Self.jobs.map { try record(Self.run($0), ProgramCache()) }
    for (changes, expected) in zip(Self.jobs + Self.jobs.reversed(), alone + alone.reversed()) {
      let shared = try record(Self.run(changes), programs)
      #expect(shared.differences(from: expected) == [], "\(changes)")
    }
  }

  @Test func networksOfOneShapeAreCompiledOnce() throws {
    let (programs, run) = (ProgramCache<Double>(), try Self.run([]))
    let data = try run.data.load(as: Double.self)
    let first = try programs.executables(run, on: data)
    let other = try Self.run(["seed=3", "optimizer=adam", "stop.steps=4"])
    #expect(try programs.executables(other, on: data) === first)
    #expect(try programs.executables(Self.run(["loss=cross-entropy"]), on: data) !== first)
  }

  /// The two latest stay, however large; of the others those that fit, the latest first.
  @Test func theLatestValuesAreKept() {
    var (values, made) = (RecentValues<String, Int>(), [String]())
    func look(_ key: String, _ bytes: Int) {
      let value = values.value(for: key, bytes: { $0 }) {
        made.append(key)
        return bytes
      }
      #expect(value == bytes)
    }
    for key in ["a", "b", "c", "a"] { look(key, 1 << 20) }
    #expect(made == ["a", "b", "c"])
    for key in ["d", "e", "d"] { look(key, 1 << 30) }
    #expect(made == ["a", "b", "c", "d", "e"])
    look("a", 1 << 20)
    look("d", 1 << 30)
    #expect(made == ["a", "b", "c", "d", "e", "a"])
  }
}
