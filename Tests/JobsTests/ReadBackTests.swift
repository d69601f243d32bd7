import Foundation
import JobFixtures
import Optimizers
import Problems
import Schema
import Testing
import TestSupport

@testable import Jobs

/// `config_json` of a file is a run, and so is what is sent to other processes: read back they give the same run.
@Suite struct ReadBackTests {
  @Test(arguments: 0..<20) func `a run read back, or sent, is the same run`(seed: UInt64) throws {
    var random = RandomJob(seed: seed)
    for name in OptimizerConfiguration.names {
      let yaml = random.yaml(optimizer: name)
      let run = try #require(
        JobFile.plan(yaml: yaml, file: "job.yaml", checkingData: false).runs.first, "\(yaml)")
      let again = try RunConfiguration(configJSON: run.configJSON, of: "sweep.h5")
      #expect(again.id == run.id, "\(yaml)")
      #expect(RunIdentity.canonicalText(of: again) == RunIdentity.canonicalText(of: run), "\(yaml)")
      #expect(again.configJSON == run.configJSON)
      #expect(Self.parts(again) == Self.parts(run), "\(yaml)")
      let sent = try JSONDecoder().decode(RunConfiguration.self, from: try JSONEncoder().encode(run))
      #expect(sent.id == run.id, "\(yaml)")
      #expect(sent.configJSON == run.configJSON)
      #expect(sent.trajectory == run.trajectory)
      #expect(Self.parts(sent) == Self.parts(run), "\(yaml)")
    }
  }

  @Test func `what is no run is refused with its file and key`() throws {
    let json = try JobText.plan(JobText.with()).runs[0].configJSON
    let wrong = [
      (json.replacing("\"seed\":0", with: "\"seed\":-1"), "seed"),
      (json.replacing("\"name\":\"gd\"", with: "\"name\":\"newton\""), "optimizer.name"),
      (json.replacing("\"seed\":0", with: "\"sead\":0"), "sead"),
    ]
    for (text, key) in wrong {
      let error = #expect(throws: JobError.self) {
        try RunConfiguration(configJSON: text, of: "sweep.h5")
      }
      let problems = error?.problems.map(\.description) ?? []
      #expect(problems.contains { $0.contains("sweep.h5") && $0.contains("'\(key)'") }, "\(problems)")
    }
  }

  /// Everything that a run is made of.
  static func parts(_ run: RunConfiguration) -> [AnyHashable] {
    [
      run.data, run.model, run.loss, run.optimizer, run.learningRate, run.learningRateUnit, run.schedule,
      run.batchSize, run.blockSize, run.seed, run.precision, run.initialWeightsFile, run.stop,
      run.keptWeights, run.keepsState, run.origin, "\(run.measure)",
    ]
  }
}

/// Jobs of one run in which every key of a run is written, or left at its default, at random.
private struct RandomJob {
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func yaml(optimizer: String) -> String {
    var names: [String: String] = ["optimizer.name": optimizer]
    for key in KeyRegistry.keys where key.name == "name" && key.path != "name" {
      names[key.path] = names[key.path] ?? key.kind.words.randomElement(using: &random)
    }
    var lines = ["name: test"] + names.map { "\($0): \($1)" }
    for key in KeyRegistry.keys where key.scope == .run && key.name != "name" {
      guard let standard = key.defaultValue(variant: names["\(key.section).name"]) else { continue }
      if standard.value == nil || Bool.random(using: &random) {
        lines.append("\(key.path): \(text(key, standard.value))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A value in the range of a key; a word in the place of a number only where the default is one too.
  private mutating func text(_ key: Key, _ standard: KeyValue?) -> String {
    let words = if case .text = standard { key.kind.words } else { [String]() }
    if !key.kind.isList, let word = words.randomElement(using: &random), Bool.random(using: &random) {
      return word
    }
    switch key.kind {
    case .flag, .choice: return key.kind.words.randomElement(using: &random) ?? ""
    case .text, .path:
      return "'a \"path\" with \\ and \u{e9}, number \(Int.random(in: 0...99, using: &random))'"
    case .integer(let range, _): return "\(integer(range))"
    case .interval: return "{every: \(Int.random(in: 1...1000, using: &random))}"
    case .powerOfTwo: return "\(1 << Int.random(in: 0...10, using: &random))"
    case .real(let interval, _): return "\(real(interval))"
    case .integers(let range): return "[\(integer(range)), \(integer(range))]"
    case .reals(let interval, _): return "[\(real(interval)), \(real(interval))]"
    }
  }

  private mutating func integer(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: Bool.random(using: &random) ? range : range.clamped(to: 0...1000), using: &random)
  }

  /// Many orders of magnitude, all digits.
  private mutating func real(_ interval: Interval) -> Double {
    let lower = max(interval.lower, 0)
    let width = min(interval.upper - lower, 1e6)
    return lower + width * Double.random(in: 1e-12..<1, using: &random) * 0.5
  }
}
