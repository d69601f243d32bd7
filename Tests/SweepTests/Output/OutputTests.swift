import Foundation
import Shards
import Testing

@testable import Sweep

@Suite struct OutputTests {
  private let directory: OutputDirectory

  init() throws {
    directory = OutputDirectory(NSTemporaryDirectory() + "eos-sweep-output-\(UUID().uuidString)")
    try directory.create()
  }

  @Test func aTornLineDoesNotSwallowTheNextEvent() throws {
    let torn = Data(#"{"event":"progress","run":"gd"#.utf8) + Data([0xC3])
    try torn.write(to: URL(fileURLWithPath: directory.eventsFile))
    try EventLog(directory).append(.sessionStarted)
    try EventLog(directory).append(.sessionEnded)
    #expect(EventLog.read(directory).map(\.event) == [.sessionStarted, .sessionEnded])
  }

  @Test func oneSweepAtATime() throws {
    #expect(!DirectoryLock.isHeld(directory))
    let lock = try DirectoryLock(directory)
    #expect(DirectoryLock.isHeld(directory))
    #expect(throws: OutputError.self) { _ = try DirectoryLock(directory) }
    lock.release()
    #expect(!DirectoryLock.isHeld(directory))
  }

  @Test func aDirectoryOfAnotherSweepIsRefused() throws {
    let mine = try Self.plan("mine")
    try Manifest.requireSameSweep(mine, directory)
    try Manifest(name: "mine", sweepYAML: mine.yaml, runs: [], sessions: []).write(directory)
    try Manifest.requireSameSweep(mine, directory)
    #expect(throws: OutputError.self) { try Manifest.requireSameSweep(Self.plan("other"), directory) }
  }

  @Test func aDamagedManifestIsKept() throws {
    try Data("{".utf8).write(to: URL(fileURLWithPath: directory.manifestFile))
    #expect(try Manifest.readOrSetAside(directory) == nil)
    #expect(FileManager.default.fileExists(atPath: directory.manifestFile + ".damaged"))
    #expect(!directory.isSweep)
  }

  @Test func stateComesFromShards() throws {
    var finished = RunRecord(id: "a", status: .finished)
    finished.set("stop_reason", "steps")
    var failed = RunRecord(id: "b", status: .failed)
    failed.set("error", "why")
    for record in [finished, failed] {
      try Shard.write(
        record, provenance: Provenance(version: "0"), to: directory.shard(of: record.id))
    }
    try FileManager.default.copyItem(atPath: directory.shard(of: "a"), toPath: directory.shard(of: "renamed"))
    try Data("no shard".utf8).write(to: URL(fileURLWithPath: directory.shard(of: "damaged")))
    let state = SweepState(["a", "b", "never", "renamed", "damaged"], directory)
    #expect(state.entries.map(\.status) == [.finished, .failed, .pending, .pending, .pending])
    #expect(state.pending == [1, 2, 3, 4])
    #expect(state.notes.count == 2)
    #expect(directory.strangers(to: ["a"]) == ["b", "damaged", "renamed"])
  }

  private static func plan(_ name: String) throws -> SweepPlan {
    try SweepPlan.quickstart(overrides: ["name=\(name)"])
  }
}
