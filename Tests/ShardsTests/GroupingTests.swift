import Foundation
import Problems
import Schema
import Testing
import TestSupport

@testable import Shards

/// Runs lie in shards in any grouping and any order; what is merged of them does not tell.
@Suite struct GroupingTests {
  private let directory: TemporaryFolder

  init() throws { directory = try TemporaryFolder() }

  private static func variable(_ name: String) -> Variable {
    guard let variable = VariableTable.all.first(where: { $0.name == name }) else {
      preconditionFailure("A sweep file has no variable \(name).")
    }
    return variable
  }

  /// Runs of very different lengths, some of which recorded optional variables, weights or nothing at all.
  private static func records(_ generator: inout SeededGenerator) -> [RunRecord] {
    (0..<Int.random(in: 2...25, using: &generator)).map { index in
      let lengths = [0, 3, 3, 10, 10, 10, 10, 40, 40, 200, 4096, 4097]
      let steps = lengths.randomElement(using: &generator) ?? 0
      let most = index == 0 ? 1030 : 12
      let measurements = Int.random(in: 0...min(steps / 2, most), using: &generator)
      let weights = generator.vector(Int.random(in: 1...20, using: &generator))
      let kinds: [Weights?] = [nil, nil, .float(weights.map(Float.init)), .double(weights)]
      var record = RunRecord.sample(
        "run-\(index)", status: steps == 0 ? .failed : Bool.random(using: &generator) ? .finished : .diverged,
        steps: steps, measurements: measurements, eigenvalues: Int.random(in: 0...3, using: &generator),
        weights: kinds.randomElement(using: &generator) ?? nil)
      record.set(.precision, record.weights?.isDouble == true ? "double" : "float")
      if steps == 0 { record.set(.error, "why") }
      if Bool.random(using: &generator) { record.set(.warmup, Int.random(in: 0...3, using: &generator)) }
      if measurements > 0 && index % 3 == 0 {
        record.set(variable("hessian_trace"), generator.vector(measurements))
        record.set(variable("layer_sharpness"), rows: (0..<measurements).map { _ in generator.vector(2) })
        record.set(variable("layer_residuals"), rows: (0..<measurements).map { _ in [1, 2] })
        record.set(variable("layer_name"), ["a", "b"])
        record.set(.measuredAt, flags: (0..<measurements).map { $0 % 2 })
      }
      return record.computed(by: .sample)
    }
  }

  /// Cuts records into files in random order, some of which also hold runs that count elsewhere or nowhere.
  private func scatter(_ records: [RunRecord], _ generator: inout SeededGenerator) throws -> [String] {
    var (left, paths) = (records.shuffled(using: &generator), [String]())
    while !left.isEmpty {
      var rows = Array(left.prefix(Int.random(in: 1...12, using: &generator)))
      left.removeFirst(rows.count)
      for stale in records.shuffled(using: &generator).prefix(Int.random(in: 0...2, using: &generator)) {
        guard !rows.contains(where: { $0.id == stale.id }) else { continue }
        var begun = RunRecord.sample(
          stale.id, status: .interrupted, steps: 5000, measurements: 2, eigenvalues: 5)
        begun.set(Self.variable("preconditioned_trace"), [1.0, 2])
        // A part of a run counts for nothing beside its result, and the older of two failures neither.
        if stale.status.isDone || left.contains(where: { $0.id == stale.id }) { rows.append(begun) }
      }
      if Bool.random(using: &generator) {
        rows.append(.sample("stranger-\(left.count)", steps: 9999, measurements: 30, eigenvalues: 9))
      }
      paths.append(directory("shard-\(paths.count)"))
      try Shard.write(rows.shuffled(using: &generator), provenance: .sample, to: paths[paths.count - 1])
    }
    return paths
  }

  @Test(arguments: 0..<8) func anyGroupingMergesToTheSameBytes(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let records = Self.records(&generator)
    try Merge.merge([], plan: records, into: directory("expected"))
    let findings = try Verify.verify(directory("expected")).map(\.description)
    #expect(findings == [])
    let pending = records.map { RunRecord(id: $0.id) }
    let shards = try scatter(records, &generator)
    let report = try Merge.merge(shards, plan: pending, into: directory("merged"))
    #expect(report.damaged == [])
    #expect(report.counts[.pending] == nil)
    #expect(
      FileManager.default.contentsEqual(atPath: directory("merged"), andPath: directory("expected")))
    let merged = try SweepFile(directory("merged"), checkingSeal: true)
    for (row, record) in records.enumerated() {
      #expect(differences(try merged.record(row: row), record) == [])
    }
  }

  /// The rule for a run that stands in several shards: results before the rest, later before earlier.
  @Test func theLastResultOfARunCounts() throws {
    let written: [(RunStatus, steps: Int)] = [
      (.finished, 1), (.finished, 2), (.failed, 3), (.interrupted, 4),
    ]
    let shards = try written.enumerated().map { index, run in
      let record = RunRecord.sample("r", status: run.0, steps: run.steps, measurements: 0, eigenvalues: 0)
      try Shard.write([record, RunRecord(id: "x\(index)")], provenance: .sample, to: directory("\(index)"))
      return directory("\(index)")
    }
    for (count, steps) in [(1, 1), (2, 2), (3, 2), (4, 2)] {
      let report = try Merge.merge(
        Array(shards.prefix(count)), plan: [RunRecord(id: "r")], into: directory("m"))
      #expect(report.counts == [.finished: 1])
      #expect(try Shard.read(directory("m")).stepCount == steps)
    }
    try Merge.merge(Array(shards.dropFirst(2)), plan: [RunRecord(id: "r")], into: directory("m"))
    #expect(try Shard.read(directory("m")).stepCount == 4)
  }

  /// 60 damages of a shard of many runs beside a whole copy of a part of it: cut, or with flipped bits.
  @Test func aDamagedShardIsReportedAndNeverMerged() throws {
    var generator = SeededGenerator(seed: 77)
    let records = (0..<9).map {
      RunRecord.sample("run-\($0)", steps: 30, measurements: 3, eigenvalues: 2).computed(by: .sample)
    }
    let (shard, other) = (directory("a.h5"), directory("b.h5"))
    try Shard.write(records, provenance: .sample, to: shard)
    try Shard.write(Array(records.prefix(4)), provenance: .sample, to: other)
    let good = try Array(Data(contentsOf: URL(fileURLWithPath: shard)))
    let plan = records.map { RunRecord(id: $0.id) }
    for trial in 0..<60 {
      var bad = good
      if trial % 3 == 0 {
        bad.removeLast(Int.random(in: 1...good.count, using: &generator))
      } else {
        for _ in 0..<trial % 3 {
          bad[Int.random(in: 0..<bad.count, using: &generator)] ^= 1 << UInt8(trial % 8)
        }
      }
      try #require(bad != good)
      try Data(bad).write(to: URL(fileURLWithPath: shard))
      let report = try Merge.merge([shard, other], plan: plan, into: directory("m"))
      #expect(report.damaged.map(\.subject) == [shard], "trial \(trial)")
      #expect(report.counts == [.finished: 4, .pending: 5], "trial \(trial)")
      guard case .damaged = Shard.look(at: shard, checkingSeal: true) else {
        Issue.record("trial \(trial): a damaged shard was taken for a whole one")
        continue
      }
    }
  }

  @Test func namesAreTheWritersOwnAndSorted() throws {
    var first = ShardName(startedAt: "2026-01-31T18:45:02Z", rank: 3)
    let path = try first.next(in: directory.path)
    #expect(path == directory("20260131-184502-r003-0001.h5"))
    try directory.write([], to: "20260131-184502-r003-0001.h5")
    var again = ShardName(startedAt: "2026-01-31T18:45:02Z", rank: 3)
    #expect(try again.next(in: directory.path) == directory("20260131-184502-r003-0002.h5"))
    let names = ["zz-lr0.1-abc.h5", "20260131-184502-r1000-0001.h5", "20250131-184502-r003-0001.h5", "a.h5"]
    #expect(ShardName.sorted(names) == ["a.h5", "zz-lr0.1-abc.h5", names[2], names[1]])
  }
}
