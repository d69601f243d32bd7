import Foundation
import Testing
import TestSupport

@testable import Shards

@Suite struct ShardTests {
  let directory: TemporaryFolder

  init() throws { directory = try TemporaryFolder() }

  /// What writing a shard adds to a record.
  static let added: Set = ["host", "provenance_json", "checksum"]

  static let shapes = [(5, 3, 2), (0, 0, 0), (1, 1, 1), (4, 2, 0), (5000, 1100, 3)]

  @Test(arguments: shapes) func everyValueSurvives(_ shape: (steps: Int, measurements: Int, values: Int))
    throws
  {
    let record = RunRecord.sample(
      "r", steps: shape.steps, measurements: shape.measurements, eigenvalues: shape.values,
      weights: .float([1, .nan, -0.1]))
    let path = directory("r.h5")
    try Shard.write(record, provenance: .sample, to: path)
    let read = try Shard.read(path)
    var expected = record
    expected.set(.host, "node7")
    expected.set(.provenanceJson, Provenance.sample.json)
    #expect(differences(read, expected, but: ["weights"]).filter { $0 != "weights" } == [])
    guard case .float(let weights) = read.weights else { throw Missing() }
    #expect(weights[0] == 1 && weights[1].isNaN && weights[2] == -0.1)
  }

  struct Missing: Error {}

  @Test func summaryKnowsTheLengths() throws {
    let path = directory("r.h5")
    let record = RunRecord.sample("r", status: .diverged, steps: 7, measurements: 3, eigenvalues: 2)
    try Shard.write(record, provenance: .sample, to: path)
    #expect(
      try Shard.entries(path) == [ShardEntry(id: "r", status: .diverged, steps: 7, regime: nil, numerics: "")]
    )
  }

  @Test func equalRecordsMakeEqualFiles() throws {
    let record = RunRecord.sample("r", steps: 7, measurements: 3, eigenvalues: 2)
    for name in ["a", "b"] {
      try Shard.write(record, provenance: .sample, to: directory(name))
    }
    let manager = FileManager.default
    #expect(manager.contentsEqual(atPath: directory("a"), andPath: directory("b")))
    #expect(try manager.contentsOfDirectory(atPath: directory.path).sorted() == ["a", "b"])
  }

  @Test func aMissingDirectoryGetsASentence() throws {
    #expect {
      try Shard.write(RunRecord(id: "r"), provenance: .sample, to: directory("none/r.h5"))
    } throws: {
      "\($0)".contains("none/r.h5") && "\($0)".contains("no such file or directory")
    }
  }
}
