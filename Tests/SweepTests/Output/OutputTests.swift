import Files
import Foundation
import Jobs
import Problems
import Schema
import Shards
import Testing
import TestSupport

@testable import Sweep

@Suite struct OutputTests {
  private let folder: TemporaryFolder
  private let directory: OutputDirectory

  init() throws { (folder, directory) = try emptySweep("sweep/") }

  @Test func aTornLineDoesNotSwallowTheNextEvent() throws {
    let torn = Data(#"{"event":"run_started","run":"gd"#.utf8) + Data([0xC3])
    try torn.write(to: URL(fileURLWithPath: directory.eventsFile))
    try EventLog(directory).append(.sessionStarted)
    try EventLog(directory).append(.sessionEnded)
    var reader = EventReader(directory)
    try reader.refresh()
    #expect(reader.recent.map(\.event) == [.sessionStarted, .sessionEnded])
    try EventLog(directory).append(.runStarted, run: "a")
    try reader.refresh()
    #expect(reader.recent.map(\.event) == [.sessionStarted, .sessionEnded, .runStarted])
  }

  @Test func oneSweepAtATime() throws {
    #expect(!DirectoryLock.isHeld(directory))
    let lock = try DirectoryLock(directory)
    #expect(DirectoryLock.isHeld(directory))
    #expect(throws: Problem.self) { _ = try DirectoryLock(directory) }
    lock.release()
    #expect(!DirectoryLock.isHeld(directory))
  }

  @Test func aDirectoryOfAnotherSweepIsRefused() throws {
    let mine = try Self.plan("mine")
    try Manifest.requireSameSweep(mine, directory)
    try Manifest(name: "mine", sweepYAML: mine.yaml, runs: [], sessions: []).write(directory)
    try Manifest.requireSameSweep(mine, directory)
    #expect(throws: Problem.self) { try Manifest.requireSameSweep(Self.plan("other"), directory) }
  }

  @Test func aDamagedManifestIsKept() throws {
    try Data("{".utf8).write(to: URL(fileURLWithPath: directory.manifestFile))
    let (manifest, note) = try Manifest.readOrSetAside(directory)
    #expect(manifest == nil)
    #expect(note?.contains("sweep.json.damaged") == true)
    #expect(try Directory.names(directory.path) == ["shards", "sweep.json.damaged"])
  }

  @Test func stateComesFromShards() throws {
    var finished = RunRecord(id: "a", status: .finished)
    finished.set(.stopReason, "steps")
    var failed = RunRecord(id: "b", status: .failed)
    failed.set(.error, "why")
    for record in [finished, failed] {
      try write(record)
    }
    try FileManager.default.copyItem(atPath: shard("a"), toPath: shard("renamed"))
    try Data("no shard".utf8).write(to: URL(fileURLWithPath: shard("damaged")))
    let state = try SweepState(["a", "b", "never", "renamed", "damaged"], directory)
    #expect(state.entries.map(\.status) == [.finished, .failed, .pending, .pending, .pending])
    #expect(state.pending == [1, 2, 3, 4])
    #expect(state.notes.count == 2)
    #expect(try SweepState(["a"], directory).strangers == ["b", "damaged", "renamed"])
  }

  @Test func shardsThatDidNotChangeAreNotReadAgain() throws {
    let path = shard("a")
    try write(RunRecord(id: "a", status: .failed))
    var memory = ShardMemory()
    #expect(try SweepState(["a"], directory, &memory).count(RunStatus.failed) == 1)
    // Damage that leaves length and time as they were is seen only by whoever reads.
    var status = stat()
    let looked = unsafe stat(path, &status)
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.write(contentsOf: Data(repeating: 0, count: 100))
    try file.close()
    let turnedBack = unsafe utimensat(AT_FDCWD, path, [status.st_atim, status.st_mtim], 0)
    try #require(looked == 0 && turnedBack == 0)
    #expect(try SweepState(["a"], directory, &memory).count(RunStatus.failed) == 1)
    #expect(try SweepState(["a"], directory).notes.count == 1)
    try write(RunRecord(id: "a", status: .diverged))
    #expect(try SweepState(["a"], directory, &memory).count(RunStatus.diverged) == 1)
  }

  /// The shard that older programs wrote of a run.
  private func shard(_ id: String) -> String { "\(directory.shardsDirectory)/\(id).h5" }

  private func write(_ record: RunRecord) throws {
    let provenance = Provenance(version: "0")
    try Shard.write([record.computed(by: provenance)], provenance: provenance, to: shard(record.id))
  }

  private static func plan(_ name: String) throws -> SweepPlan {
    try SweepPlan.quickstart(overrides: ["name=\(name)"])
  }
}
