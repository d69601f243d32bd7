import Files
import Foundation
import Problems
import Schema
import Shards
import Testing
import TestSupport

@testable import Sweep

/// What becomes of runs between their end and the disk.
@Suite struct CollectorTests {
  private let folder: TemporaryFolder
  private let directory: OutputDirectory

  init() throws { (folder, directory) = try emptySweep() }

  private func collector(patience: Double) -> ShardCollector {
    let provenance = Provenance(version: "0", startedAt: "2026-01-31T18:45:02Z")
    return ShardCollector(directory, provenance: provenance, rank: 2, patience: patience)
  }

  private func record(_ id: String, steps: Int = 1) -> RunRecord {
    var record = RunRecord(id: id, status: .finished)
    record.set(.stopReason, "steps")
    record.set(.trainLoss, Array(repeating: 0.5, count: steps))
    return record
  }

  /// The runs on disk, as the sweep would find them, and in how many files.
  private func onDisk() throws -> (runs: Set<String>, files: Int) {
    let shards = try directory.shards()
    for shard in shards { #expect(try Verify.verify(shard) == []) }
    return (Set(try SweepState([], directory).shards.keys), shards.count)
  }

  @Test func shortRunsWaitTillSomebodyAsks() throws {
    let collector = collector(patience: 1000)
    for number in 0..<5 {
      collector.add(record("r\(number)"), assignment: number, seconds: 0.1)
      #expect(try collector.flushIfDue() == [])
    }
    #expect(try onDisk() == ([], 0))
    #expect(try collector.flush() == [0, 1, 2, 3, 4])
    #expect(try onDisk() == (["r0", "r1", "r2", "r3", "r4"], 1))
    #expect(try collector.flush() == [])
  }

  @Test func aRunThatTookLongIsWrittenAtOnceWithWhatWaits() throws {
    let collector = collector(patience: 1000)
    collector.add(record("short"), assignment: 7, seconds: 0.1)
    collector.add(record("long"), assignment: 8, seconds: 1001)
    #expect(try collector.flushIfDue() == [7, 8])
    #expect(try onDisk() == (["short", "long"], 1))
  }

  @Test func aShardGrowsUntilItIsFull() throws {
    let collector = collector(patience: 0)
    for (number, steps) in [10, 10, 600_000, 10].enumerated() {
      collector.add(record("r\(number)", steps: steps), assignment: number, seconds: 1e6)
      #expect(try collector.flushIfDue() == [number])
      #expect(try onDisk() == (Set((0...number).map { "r\($0)" }), number < 3 ? 1 : 2))
    }
    let names = try Directory.names(directory.shardsDirectory)
    #expect(names == ["20260131-184502-r002-0001.h5", "20260131-184502-r002-0002.h5"])
  }

  /// What could not be written is told once; what was written before stays, and what comes later is written.
  @Test func runsThatCannotBeWrittenAreNamed() throws {
    let collector = collector(patience: 1000)
    collector.add(record("first"), assignment: 1, seconds: 0)
    #expect(try collector.flush() == [1])
    let aside = folder("aside")
    try FileManager.default.moveItem(atPath: directory.shardsDirectory, toPath: aside)
    for number in 2...3 { collector.add(record("r\(number)"), assignment: number, seconds: 0) }
    #expect { try collector.flush() } throws: { ($0 as? UnwrittenRuns)?.assignments == [2, 3] }
    try FileManager.default.moveItem(atPath: aside, toPath: directory.shardsDirectory)
    #expect(try collector.flush() == [])
    collector.add(record("last"), assignment: 4, seconds: 0)
    #expect(try collector.flush() == [4])
    #expect(try onDisk() == (["first", "last"], 1))
  }

  @Test func aSecondSessionBeginsShardsOfItsOwn() throws {
    for run in ["a", "b"] {
      let collector = collector(patience: 0)
      collector.add(record(run), assignment: 0, seconds: 0)
      #expect(try collector.flush() == [0])
    }
    #expect(try onDisk() == (["a", "b"], 2))
  }

  @Test func aDamagedShardIsSetAside() throws {
    let collector = collector(patience: 0)
    collector.add(record("a"), assignment: 0, seconds: 0)
    _ = try collector.flush()
    let shard = try directory.shards()[0]
    var bytes = try FileContents.read(shard)
    bytes[bytes.count / 2] ^= 1
    try AtomicFile.write(bytes, to: shard)
    var memory = ShardMemory(checkingSeals: true)
    let state = try SweepState(["a"], directory, &memory)
    #expect(state.pending == [0])
    #expect(state.damaged == [shard])
    #expect(try directory.setAside(state.damaged).count == 1)
    #expect(try SweepState(["a"], directory, &memory).notes == [])
    #expect(try FileContents.read(shard + ".damaged") == bytes)
  }
}
