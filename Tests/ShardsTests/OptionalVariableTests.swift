import Probes
import Schema
import Testing
import TestSupport

@testable import Shards

/// Variables that stand only in files in which some run recorded them.
@Suite struct OptionalVariableTests {
  private let directory: TemporaryFolder

  private let trace = TraceConfiguration.value

  init() throws { directory = try TemporaryFolder() }

  private func record(_ id: String, _ quantities: [Variable: [Double]] = [:]) -> RunRecord {
    var record = RunRecord.sample(id, steps: 5, measurements: 2, eigenvalues: 2)
    for (variable, values) in quantities { record.set(variable, values) }
    return record
  }

  private func write(_ record: RunRecord) throws -> String {
    let path = directory("\(record.id).h5")
    try Shard.write(record, provenance: .sample, to: path)
    return path
  }

  @Test func standOnlyInFilesOfRunsThatRecordedThem() throws {
    let (plain, traced) = (try write(record("a")), try write(record("b", [trace.hessian: [3, .nan]])))
    #expect(try SweepFile(plain, checkingSeal: true).optionalVariables() == [])
    #expect(try SweepFile(traced, checkingSeal: true).optionalVariables() == ["hessian_trace"])
    #expect(try Verify.verify(plain).isEmpty)
    #expect(try Verify.verify(traced).isEmpty)
    #expect(try Shard.read(traced).reals(trace.hessian)[0] == 3)
    #expect(try Shard.read(plain).reals(trace.hessian).allSatisfy(\.isNaN))
  }

  @Test func runsThatRecordedDifferentOnesMergeIntoOneFile() throws {
    let shards = [
      try write(record("a")), try write(record("b", [trace.hessian: [3, 4]])),
      try write(record("c", [trace.preconditioned: [5, 6]])),
    ]
    let merged = directory("sweep.h5")
    try Merge.merge(shards, plan: ["a", "b", "c"].map { RunRecord(id: $0) }, into: merged)
    #expect(try Verify.verify(merged).isEmpty)
    let file = try SweepFile(merged, checkingSeal: true)
    for (row, shard) in shards.enumerated() {
      #expect(differences(try file.record(row: row), try Shard.read(shard)).isEmpty)
    }
    #expect(try Compare.compare(merged, directory.path).isEqual)
  }

  /// A checksum says nothing of what is missing, so files of older programs stay readable.
  @Test func doNotCountWhereTheyAreMissing() {
    let before = record("a").checksum
    #expect(record("a", [trace.hessian: [.nan, .nan]]).checksum == before)
    #expect(record("a", [trace.hessian: [.nan, 1]]).checksum != before)
  }
}
