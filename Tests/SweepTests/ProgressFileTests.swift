import Files
import Foundation
import Testing
import TestSupport
import Training

@testable import Sweep

/// What a session tells of itself while it is under way.
@Suite struct ProgressFileTests {
  private let folder: TemporaryFolder
  private let directory: OutputDirectory

  init() throws { (folder, directory) = try emptySweep() }

  /// A session with so many runs under way, of which the first will take longest.
  private func progress(runs: Int, idLength: Int = 40) -> SweepProgress {
    var progress = SweepProgress()
    progress.running = (0..<runs).map { index in
      SweepProgress.Run(
        id: String(repeating: "r", count: idLength) + "\(index)", ranks: 1, first: index, steps: 1, of: 2,
        loss: 0.125, ratio: 0.5, ratios: Array(repeating: 0.25, count: 15), seconds: 1,
        left: Double(runs - index))
    }
    return progress
  }

  @Test(arguments: [0, 1, 199, 200, 201, 10_000]) func theFileIsBounded(runs: Int) throws {
    for length in [10, 250, 5000] {
      let whole = progress(runs: runs, idLength: length)
      let bytes = ProgressFile.bytes(of: whole)
      #expect(bytes.count <= ProgressFile.maximumBytes)
      let told = try JSONDecoder().decode(SweepProgress.self, from: Data(bytes))
      #expect(told.running.count + told.unlisted == runs)
      #expect(told.running == Array(whole.running.prefix(told.running.count)))
      if length < 1000 { #expect(told.running.count == min(runs, ProgressFile.listedRuns)) }
    }
  }

  @Test func whatCannotBeWrittenOrReadIsPassedOver() throws {
    #expect(ProgressFile.read(directory) == nil)
    ProgressFile.write(progress(runs: 2), directory)
    #expect(ProgressFile.read(directory) == progress(runs: 2))
    try folder.write("{\"version\":", to: "sweep/progress.json")
    #expect(ProgressFile.read(directory) == nil)
    try FileManager.default.removeItem(atPath: directory.progressFile)
    try FileManager.default.createDirectory(
      atPath: directory.progressFile, withIntermediateDirectories: false)
    ProgressFile.write(progress(runs: 1), directory)
    #expect(try Directory.names(directory.path) == ["progress.json", "shards"])
    try FileManager.default.removeItem(atPath: directory.path)
    ProgressFile.write(progress(runs: 1), directory)
    #expect(try FileKind.of(directory.path) == .absent)
  }

  @Test func runsUnderWayAreListedByWhatIsLeft() {
    var runs = RunsUnderWay()
    for number in 0..<3 {
      runs.start(
        GroupAssignment(number: number, run: number, members: [2 * number, 2 * number + 1]), steps: 0, at: 0)
    }
    var seen = RunProgress(steps: 50)
    (seen.preconditionedSharpness, seen.threshold, seen.measuredStep) = (15, 10, 40)
    runs.note(seen, of: 1, at: 5)
    runs.note(seen, of: 1, at: 5)
    runs.note(RunProgress(steps: 20), of: 2, at: 4)
    #expect(runs.hasProgress && runs.steps == 70 && runs.ranks == 6)
    let listed = runs.listed(at: 6, identifier: { "r\($0)" }, length: { _ in 100 })
    // Of the first nothing is known; the others did 10 and 5 steps a second.
    #expect(listed.map(\.id) == ["r0", "r2", "r1"])
    #expect(listed.map(\.left) == [nil, 14, 4])
    #expect(listed[2].ratio == 1.5 && listed[2].ratios == [])
    #expect(listed.map(\.first) == [0, 4, 2])
    #expect(runs.close(1) == 50 && runs.close(2, steps: 100) == 100)
    #expect(runs.steps == 150 && runs.count == 1)
  }

  @Test func ofManyMeasurementsTheLastAreKept() {
    var runs = RunsUnderWay()
    runs.start(GroupAssignment(number: 0, run: 0, members: [0]), steps: 0, at: 0)
    for step in 1...40 {
      var seen = RunProgress(steps: step)
      (seen.preconditionedSharpness, seen.threshold, seen.measuredStep) = (Double(step), 1, step)
      runs.note(seen, of: 0, at: Double(step))
    }
    let run = runs.listed(at: 40, identifier: { _ in "r" }, length: { _ in 100 })[0]
    #expect(run.ratios + [run.ratio] == (25...40).map { Double($0) })
  }

  @Test func theEndOfALongLogIsEnough() throws {
    let log = try EventLog(directory)
    for number in 0..<3000 { log.append(.runStarted, run: "run-\(number)", steps: 0) }
    var reader = EventReader(directory)
    try reader.refresh()
    #expect(reader.recent.last?.run == "run-2999")
    #expect((1...200).contains(reader.recent.count))
    for number in 3000..<9000 { log.append(.runStarted, run: "run-\(number)", steps: 0) }
    try reader.refresh()
    #expect(reader.recent.map(\.run) == (8800..<9000).map { "run-\($0)" })
  }
}
