import Probes
import Schema
import Testing
import TestSupport

@testable import Shards

/// Weights kept along runs, and sketches: files of runs of different sizes hold them all.
@Suite struct KeptWeightsTests {
  private let directory: TemporaryFolder

  init() throws { directory = try TemporaryFolder() }

  /// A run with weights kept at even steps, all different.
  private func record(_ id: String, kept: Int, parameters: Int, final: Bool = true) -> RunRecord {
    let weights = (0..<parameters).map { Float($0) / 7 }
    var record = RunRecord.sample(
      id, steps: 10, measurements: 3, eigenvalues: 1, weights: final ? .float(weights) : nil)
    record.set(.parameters, parameters)
    guard kept > 0 else { return record }
    record.set(.keptStep, (0..<kept).map { 2 * $0 })
    record.set(.keptWeights, rows: (0..<kept).map { step in weights.map { Double($0) + Double(step) } })
    record.set(
      SketchConfiguration.sketch,
      rows: (0..<3).map { row in row == 1 ? [] : (0..<parameters).map { Double($0 + row) } })
    return record
  }

  private func write(_ record: RunRecord) throws -> String {
    let path = directory("\(record.id).h5")
    try Shard.write(record, provenance: .sample, to: path)
    return path
  }

  @Test func filesOfRunsOfDifferentSizesHoldAll() throws {
    let records = [
      record("a", kept: 3, parameters: 5), record("b", kept: 0, parameters: 9),
      record("c", kept: 1, parameters: 7),
    ]
    let shards = try records.map(write)
    let merged = directory("sweep.h5")
    try Merge.merge(shards, plan: records.map { RunRecord(id: $0.id) }, into: merged)
    #expect(try Verify.verify(merged).isEmpty)
    let file = try SweepFile(merged, checkingSeal: true)
    for (row, shard) in shards.enumerated() {
      #expect(try Verify.verify(shard).isEmpty)
      #expect(differences(try file.record(row: row), try Shard.read(shard)).isEmpty)
    }
    #expect(try file.record(row: 0).reals(.keptWeights) == records[0].reals(.keptWeights))
    #expect(try file.record(row: 2).integers(.keptStep) == [0])
    #expect(try file.record(row: 1).integers(.keptStep).isEmpty)
    #expect(try Compare.compare(merged, directory.path).isEqual)
    // Rows of a file with several runs are copied as they stand.
    try Merge.merge([merged], plan: records.map { RunRecord(id: $0.id) }, into: directory("again.h5"))
    #expect(try Compare.compare(merged, directory("again.h5")).isEqual)
    #expect(try Verify.verify(directory("again.h5")).isEmpty)
  }

  /// A run under way has none of its end.
  @Test func checkpointsHoldThemWithoutWeightsOfTheEnd() throws {
    let saved = record("a", kept: 2, parameters: 5, final: false)
    try Checkpoint.write(
      saved, state: SavedState(numbers: ["step": 4]), provenance: .sample, to: directory("a.a.h5"))
    let found = try Checkpoint.read(directory("a.a.h5")).record
    #expect(found.weights == nil && found.integers(.keptStep) == [0, 2])
    #expect(found.reals(.keptWeights) == saved.reals(.keptWeights))
  }

  @Test func aDifferenceIsReportedWithItsStep() throws {
    let first = record("a", kept: 3, parameters: 5)
    var other = first
    var rows = (0..<3).map { Array(first.reals(.keptWeights)[$0 * 5..<($0 + 1) * 5]) }
    rows[1][4] += 1
    other.set(.keptWeights, rows: rows)
    try Shard.write(first, provenance: .sample, to: directory("first"))
    try Shard.write(other, provenance: .sample, to: directory("other"))
    let report = try Compare.compare(directory("first"), directory("other"))
    #expect(report.firstDifference?.variable == "kept_weights" && report.firstDifference?.step == 2)
    #expect(report.differingValues == 1)
  }

  @Test func whatCannotBeIsFound() throws {
    var wrong = record("a", kept: 3, parameters: 5)
    wrong.set(.keptStep, [0, 4, 2])
    wrong.set(.parameters, 6)
    let problems = wrong.brokenInvariants
    for part in ["kept_step does not increase", "kept_weights has 5 values per step"] {
      #expect(problems.contains { $0.contains(part) }, "\(problems)")
    }
  }
}
