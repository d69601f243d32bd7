import Foundation
import Problems
import Schema
import Testing
import TestSupport

@testable import Shards

/// A shard without a run is the shard that would have been written without it.
@Suite struct ShardRewritingTests {
  private let directory: TemporaryFolder

  init() throws { directory = try TemporaryFolder() }

  private func records(_ lengths: [Int]) -> [RunRecord] {
    lengths.enumerated().map { index, steps in
      var record = RunRecord.sample(
        "run-\(index)", steps: steps, measurements: steps / 4, eigenvalues: 2,
        weights: index == 0 ? .double([1, 2, 3]) : nil)
      record.set(.precision, index == 0 ? "double" : "float")
      return record.computed(by: .sample)
    }
  }

  @Test(arguments: [["run-0"], ["run-1", "run-3"], ["run-0", "run-1", "run-2"]]) func theRestIsWhatItWas(
    gone: [String]
  ) throws {
    let records = records([5000, 10, 40, 8])
    let (shard, expected) = (directory("a.h5"), directory("b.h5"))
    try Shard.write(records, provenance: .sample, to: shard)
    let rest = records.filter { !gone.contains($0.id) }
    try Shard.write(rest, provenance: .sample, to: expected)
    #expect(try Shard.remove(Set(gone + ["stranger"]), from: shard))
    #expect(FileManager.default.contentsEqual(atPath: shard, andPath: expected))
    #expect(try !Shard.remove(Set(gone), from: shard))
  }

  @Test func aShardWithoutRunsGoes() throws {
    let shard = directory("a.h5")
    try Shard.write(records([3, 4]), provenance: .sample, to: shard)
    #expect(try Shard.remove(["run-0", "run-1"], from: shard))
    #expect(try directory.names == [])
  }

  @Test func aDamagedShardStaysAsItIs() throws {
    let shard = directory("a.h5")
    try Shard.write(records([30, 40]), provenance: .sample, to: shard)
    var bytes = try Array(Data(contentsOf: URL(fileURLWithPath: shard)))
    bytes[bytes.count / 2] ^= 1
    try directory.write(bytes, to: "a.h5")
    #expect(throws: Problem.self) { try Shard.remove(["run-0"], from: shard) }
    #expect(try Array(Data(contentsOf: URL(fileURLWithPath: shard))) == bytes)
    #expect(try directory.names == ["a.h5"])
  }
}
