import Foundation
import Problems
import Schema
import Testing
import TestSupport

@testable import Shards

@Suite struct MergeTests {
  let directory: TemporaryFolder
  static let records: [RunRecord] = [
    .sample("long", steps: 5000, measurements: 12, eigenvalues: 2, weights: .float([0.1, 0.2, 0.3])),
    .sample("short", status: .diverged, steps: 3, measurements: 1, eigenvalues: 4, weights: .double([0.1])),
    .sample("bare", steps: 40, measurements: 0, eigenvalues: 0),
    .sample("begun", status: .interrupted, steps: 7, measurements: 2, eigenvalues: 2),
  ]

  init() throws { directory = try TemporaryFolder() }

  /// Writes a shard of every record and returns their paths.
  func write(_ records: [RunRecord]) throws -> [String] {
    try records.map { record in
      try Shard.write(record, provenance: .sample, to: directory(record.id + ".h5"))
      return directory(record.id + ".h5")
    }
  }

  /// A plan in another order than the shards, with two runs that have none.
  var plan: [RunRecord] {
    var failed = RunRecord(id: "failed", status: .failed)
    failed.set(.learningRate, 0.5)
    failed.set(.error, "the data file is truncated")
    return [RunRecord(id: "bare"), failed] + ["short", "pending", "long", "begun"].map { RunRecord(id: $0) }
  }

  @Test func everyRunHasItsRowAndEveryNumberSurvives() throws {
    let report = try Merge.merge(
      write(Self.records), plan: plan, into: directory("m"), sweepYAML: "name: x")
    #expect(report.counts == [.finished: 2, .diverged: 1, .interrupted: 1, .failed: 1, .pending: 1])
    #expect(report.damaged.isEmpty)
    let merged = try SweepFile(directory("m"), checkingSeal: true)
    #expect(merged.runs == ["bare", "failed", "short", "pending", "long", "begun"])
    for (row, run) in merged.runs.enumerated() {
      let original =
        try Self.records.contains { $0.id == run } ? Shard.read(directory(run + ".h5")) : plan[row]
      #expect(differences(try merged.record(row: row), original, but: ["checksum"]) == [])
    }
    #expect(try Verify.verify(directory("m")) == [])
  }

  @Test func mergingAgainChangesNothing() throws {
    let shards = try write(Self.records)
    for _ in 0..<2 {
      for name in ["a", "b"] {
        try Merge.merge(shards, plan: plan, into: directory(name))
      }
    }
    #expect(FileManager.default.contentsEqual(atPath: directory("a"), andPath: directory("b")))
    #expect(!FileManager.default.fileExists(atPath: directory("a.partial")))
  }

  @Test func aMergedFileIsWorthItsShards() throws {
    let shards = try write(Self.records)
    try Merge.merge(shards, plan: plan, into: directory("merged"))
    let report = try Compare.compare(directory.path, directory("merged"))
    #expect(report.isEqual)
    #expect(report.runsCompared == 4)
  }

  @Test func runsOutsideThePlanAreLeftOut() throws {
    let shards = try write(Self.records)
    try Merge.merge(shards, plan: [RunRecord(id: "bare")], into: directory("m"))
    let merged = try SweepFile(directory("m"), checkingSeal: true)
    #expect(merged.runs == ["bare"])
    #expect(try merged.room(.step) == 40)
  }

  @Test func aDamagedShardDoesNotStopTheOthers() throws {
    let shards = try write(Self.records)
    try Data(contentsOf: URL(fileURLWithPath: shards[0])).prefix(20_000)
      .write(to: URL(fileURLWithPath: shards[0]))
    let report = try Merge.merge(shards, plan: plan, into: directory("m"))
    #expect(report.damaged.map(\.subject) == [shards[0]])
    #expect(report.counts[.pending] == 2)
    #expect(report.runCount == 6)
  }

  @Test func nothingToMergeGetsASentence() {
    #expect(throws: Problem.self) {
      try Merge.merge([], plan: [], into: directory("m"))
    }
    #expect(!FileManager.default.fileExists(atPath: directory("m")))
  }
}
