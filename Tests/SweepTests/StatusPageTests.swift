import Console
import Files
import Foundation
import Jobs
import Schema
import Shards
import Testing
import TestSupport

@testable import Sweep

@Suite struct StatusPageTests {
  private let folder: TemporaryFolder
  private let directory: OutputDirectory
  private let plan: SweepPlan
  private static let session = "2026-01-31T18:45:02Z"

  init() throws {
    folder = try TemporaryFolder()
    directory = OutputDirectory(folder("sweep"))
    try directory.create()
    plan = try SweepPlan.quickstart(overrides: [])
    var manifest = Manifest(name: "q", sweepYAML: plan.yaml, runs: plan.runs.map(\.id), sessions: [])
    manifest.sessions = [
      Manifest.Session(started: Self.session, provenance: Provenance(version: "0", ranks: 4))
    ]
    try manifest.write(directory)
  }

  private func shard(_ status: RunStatus, _ runs: Range<Int>, error: (String) -> String = { _ in "" }) throws
  {
    let records = plan.runs[runs].map { run in
      var record = RunRecord(id: run.id, status: status)
      if status == .failed { record.set(.error, error(run.id)) }
      return record.computed(by: Provenance(version: "0"))
    }
    let path = "\(directory.shardsDirectory)/20260131-184502-r000-\(1000 + runs.lowerBound).h5"
    try Shard.write(records, provenance: Provenance(version: "0"), to: path)
  }

  /// A session of another machine, whose lock cannot be seen from here.
  private func progress(age: Double, running: Int) -> SweepProgress {
    var told = SweepProgress()
    (told.session, told.host, told.interval) = (Self.session, "some-other-host", 3)
    told.time = (Date.now - age).formatted(.iso8601)
    (told.runs.planned, told.runs.done, told.runs.running) = (plan.runs.count, 3, running)
    (told.ranks.working, told.ranks.lost, told.left) = (3, 1, 90)
    told.deadline = .init(time: "", left: 60, source: "--time-limit", cuts: 1)
    told.running = (0..<running).map { index in
      .init(
        id: plan.runs[index % plan.runs.count].id, ranks: 1, first: index, steps: index, of: 100, loss: 0.5,
        ratio: 1.01, ratios: [0.2, 0.9], seconds: 3, left: Double(100 * (running - index)))
    }
    return told
  }

  @Test(arguments: [(5.0, true), (1000.0, false)]) func anotherMachineIsJudgedByItsLastWord(
    age: Double, isActive: Bool
  ) throws {
    ProgressFile.write(progress(age: age, running: 2), directory)
    let status = try SweepStatus(directory)
    #expect(status.isActive == isActive)
    let text = StatusPage(status).lines.joined(separator: "\n")
    #expect(text.contains("some-other-host") != isActive)
    #expect(text.contains("1 lost") == isActive)
    #expect(text.contains("did not end by itself") != isActive)
    #expect(text.contains("cut") == isActive)
  }

  @Test func whatAnEarlierSessionSaidDoesNotCount() throws {
    var told = progress(age: 1, running: 1)
    told.session = "2026-01-30T00:00:00Z"
    ProgressFile.write(told, directory)
    #expect(try !SweepStatus(directory).isActive)
  }

  @Test(arguments: [(80, 24), (40, 10), (20, 5), (200, 60), (3, 2)]) func aPageFits(width: Int, height: Int)
    throws
  {
    try shard(.failed, 3..<8) { "\($0): something went wrong with quite a number of words to say so" }
    for running in [0, 1, 12, 200] {
      ProgressFile.write(progress(age: 1, running: running), directory)
      let status = try SweepStatus(directory)
      let lines = StatusPage(status, PageForm(width: width, height: height)).lines
      #expect(lines.count <= height)
      // Sentences are cut by the terminal; the table, the bar and the errors are made to fit.
      let rows = lines.filter { $0.contains("failed:") || $0.contains("░") || $0.contains(" %") }
      #expect(rows.allSatisfy { $0.count <= width || width < 20 }, "\(rows)")
      #expect(!lines.joined().contains("\u{1B}"))
    }
  }

  @Test func failuresOfOneCauseAreOneLine() throws {
    try shard(.failed, 0..<4) { "\($0): no room" }
    try shard(.failed, 4..<5) { _ in "another\nat length" }
    let lines = StatusPage(try SweepStatus(directory)).lines.filter { $0.hasPrefix("failed: ") }
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("failed: \(plan.runs[0].id) and 3 more: "))
    #expect(lines[1] == "failed: \(plan.runs[4].id): another")
  }

  @Test func onlyWhatChangedIsReadAgain() throws {
    try shard(.finished, 0..<2)
    var status = try SweepStatus(directory)
    #expect(status.state.done == 2)
    try shard(.diverged, 2..<3)
    try status.refresh()
    #expect(status.state.done == 3)
  }

  @Test func aBarShowsEveryPart() {
    let form = PageForm(width: 10)
    let bar = form.bar([(1, "a", nil), (500, "b", nil), (1, "c", nil)], of: 1000, width: 10)
    #expect(bar == "abbbbbc░░░")
    #expect(form.bar([(1000, "a", nil)], of: 1000, width: 10) == "aaaaaaaaaa")
    #expect(form.bar([], of: 0, width: 4) == "░░░░")
  }

  @Test func namesAreShortenedInTheMiddle() {
    let form = PageForm()
    #expect(form.shortened("heavy-ball-lr0.4-3fa9c2d1", to: 20) == "heavy-ball…-3fa9c2d1")
    #expect(form.shortened("short", to: 20) == "short")
    #expect((0..<30).allSatisfy { form.shortened("heavy-ball-lr0.4-3fa9c2d1", to: $0).count <= $0 })
  }
}
