import Foundation
import Training

/// The runs that groups are at work on in a session, and how far they are.
struct RunsUnderWay {
  fileprivate struct Entry {
    let assignment: GroupAssignment
    /// The steps that the group began with.
    let first: Int
    let began: Double
    var seen: RunProgress
    /// When that was told.
    var seenAt: Double
    /// The step of the last measurement that was told of.
    var measured: Int?
    /// The ratios of sharpness to threshold that were told, the last one last.
    var ratios: [Double] = []
  }

  private var entries: [Int: Entry] = [:]
  private var stepsClosed = 0
  /// Whether any group has done a step.
  private(set) var hasProgress = false

  /// How many ratios are kept of a run.
  private static let history = 16

  /// The number of runs.
  var count: Int { entries.count }

  /// The number of ranks that work on them.
  var ranks: Int { entries.values.reduce(0) { $0 + $1.assignment.members.count } }

  /// Steps computed in this session.
  var steps: Int { entries.values.reduce(stepsClosed) { $0 + max($1.seen.steps - $1.first, 0) } }

  /// A group takes a run up.
  mutating func start(_ assignment: GroupAssignment, steps: Int, at time: Double) {
    entries[assignment.number] = Entry(
      assignment: assignment, first: steps, began: time, seen: RunProgress(steps: steps), seenAt: time)
  }

  /// A group tells how far it is.
  mutating func note(_ progress: RunProgress, of number: Int, at time: Double) {
    guard var entry = entries[number] else { return }
    (entry.seen, entry.seenAt) = (progress, time)
    if let ratio = progress.ratio, progress.measuredStep != entry.measured {
      entry.measured = progress.measuredStep
      entry.ratios = entry.ratios.suffix(Self.history - 1) + [ratio]
    }
    entries[number] = entry
    hasProgress = hasProgress || progress.steps > entry.first
  }

  /// A group has left its run, after so many steps where that is known.
  ///
  /// - Returns: the steps that the group was last heard to have done.
  @discardableResult
  mutating func close(_ number: Int, steps: Int? = nil) -> Int {
    guard let entry = entries.removeValue(forKey: number) else { return 0 }
    let last = steps ?? entry.seen.steps
    stepsClosed += max(last - entry.first, 0)
    return last
  }

  /// The runs as a file tells of them, those that will take longest first; `length` says how many steps a run has.
  func listed(
    at time: Double, identifier: (Int) -> String, length: (Int) -> Int
  ) -> [SweepProgress.Run] {
    entries.values
      .map { entry in entry.told(identifier(entry.assignment.run), length(entry.assignment.run), at: time) }
      .sorted { ($1.left ?? .infinity, $0.id) < ($0.left ?? .infinity, $1.id) }
  }
}

extension RunsUnderWay.Entry {
  fileprivate func told(_ id: String, _ total: Int, at time: Double) -> SweepProgress.Run {
    SweepProgress.Run(
      id: id, ranks: assignment.members.count, first: assignment.leader, steps: seen.steps, of: total,
      loss: seen.trainLoss?.told, ratio: ratios.last, ratios: ratios.dropLast(),
      seconds: (time - began).told ?? 0, left: left(of: total, at: time)?.told)
  }

  /// Seconds that the group still needs, by the speed it has shown; nil before its first step.
  fileprivate func left(of total: Int, at time: Double) -> Double? {
    let (done, taken) = (seen.steps - first, seenAt - began)
    guard done > 0, taken > 0 else { return nil }
    return max(Double(max(total - seen.steps, 0)) * taken / Double(done) - (time - seenAt), 0)
  }
}

extension RunProgress {
  /// The sharpness over its threshold, to four digits; nil where there is none yet.
  fileprivate var ratio: Double? {
    guard let sharpness = preconditionedSharpness, let threshold, threshold > 0 else { return nil }
    return (sharpness / threshold).told
  }
}

extension Double {
  /// To four digits, which is enough to look at; nil where JSON has no such number.
  fileprivate var told: Double? { isFinite ? Double(String(format: "%.4g", self)) : nil }
}
