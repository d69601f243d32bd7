import Foundation
import Jobs
import Problems
import Schema
import Shards
import Testing
import TestSupport

@testable import Sweep

/// Several directories of one sweep become one file.
@Suite struct SweepJoinTests {
  private let folder: TemporaryFolder
  private let plan: SweepPlan

  init() throws {
    folder = try TemporaryFolder()
    plan = try SweepPlan.quickstart(overrides: [])
  }

  /// A directory with the runs of the plan that are named by their indices.
  private func part(
    _ name: String, overrides: [String] = [], _ runs: [Int: (RunStatus, losses: [Double])]
  ) throws -> OutputDirectory {
    let directory = OutputDirectory(folder(name))
    try directory.create()
    let plan = try SweepPlan.quickstart(overrides: overrides)
    try Manifest(name: plan.name, sweepYAML: plan.yaml, runs: plan.runs.map(\.id), sessions: [])
      .write(directory)
    let provenance = Provenance(version: "0")
    let records = runs.sorted { $0.key < $1.key }.map { index, run in
      var record = RunRecord(id: plan.runs[index].id, status: run.0)
      record.set(.trainLoss, run.losses)
      return record.computed(by: provenance)
    }
    let path = "\(directory.shardsDirectory)/20260131-184502-r000-0001.h5"
    try Shard.write(records, provenance: provenance, to: path)
    return directory
  }

  private func losses(_ run: Int) throws -> [Double] {
    try RecordedRuns(folder("all.h5")).record(plan.runs[run].id).reals(.trainLoss)
  }

  @Test func everyRunIsTakenFromWhereItGotFurthest() throws {
    let a = try part(
      "a", [0: (.failed, [1]), 1: (.finished, [1, 2]), 2: (.failed, [1, 2, 3]), 3: (.diverged, [9])])
    let b = try part("b", [0: (.failed, [5, 6]), 2: (.finished, [4]), 3: (.diverged, [9])])
    let c = try part("c", [0: (.failed, [7]), 1: (.finished, [1, 2.5])])
    let before = try [a, b, c].map { try Data(contentsOf: URL(fileURLWithPath: $0.shards()[0])) }
    let join = try SweepJoin([a, b, c])
    #expect(join.runCount == plan.runs.count && join.done == 3)
    // Of the runs that ended twice one differs.
    #expect(join.notes.count == 1)
    let words = [plan.runs[1].id, a.path, c.path, "train_loss, step 1", "2.0 and 2.5"]
    #expect(words.allSatisfy { join.notes[0].contains($0) }, "\(join.notes)")
    #expect(try join.merge(Provenance(version: "0"), to: folder("all.h5")) == [])
    #expect(try (0..<4).map(losses) == [[5, 6], [1, 2], [4], [9]])
    #expect(try RecordedRuns(folder("all.h5")).identifiers == plan.runs.map(\.id))
    #expect(try [a, b, c].map { try Data(contentsOf: URL(fileURLWithPath: $0.shards()[0])) } == before)
  }

  @Test func partsOfAGridAreJoinedAndTold() throws {
    let a = try part("a", [0: (.finished, [1])])
    let b = try part("b", overrides: ["stop.steps=3"], [1: (.finished, [2])])
    let join = try SweepJoin([a, b])
    #expect(join.runCount == 2 * plan.runs.count && join.done == 2)
    #expect(join.notes.count == 1 && join.notes[0].contains("\(2 * plan.runs.count) together"))
    _ = try join.merge(Provenance(version: "0"), to: folder("all.h5"))
    guard case .sweep(let yaml) = try SweepFileOrigin.of(folder("all.h5")) else {
      Issue.record("no merged file")
      return
    }
    #expect(JobFile.sweepName(inYAML: yaml) == plan.name)
  }

  @Test func whatDoesNotBelongTogetherIsRefused() throws {
    let a = try part("a", [0: (.finished, [1])])
    let b = try part("b", overrides: ["name=other"], [0: (.finished, [1])])
    #expect(throws: Problem.self) { try SweepJoin([a, b]) }
    let c = try part("c", [0: (.finished, [1])])
    let join = try SweepJoin([a, c])
    #expect(throws: Problem.self) { try join.merge(Provenance(version: "0"), to: a.mergedFile) }
    #expect(throws: Problem.self) { try join.merge(Provenance(version: "0"), to: a.path + "/../c/sweep.h5") }
  }
}
