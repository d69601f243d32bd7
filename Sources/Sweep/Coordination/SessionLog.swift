import Console
import Jobs
import Problems
import Shards
import Training

/// Follows one session of a sweep: writes events, shows progress, remembers what failed.
final class SessionLog {
  private let plan: SweepPlan
  private let events: EventLog
  private let observer: any SessionObserver
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let total: Int
  private var underWay: [Int: (run: Int, first: Int, steps: Int)] = [:]
  private var stepsSaved: [Int: Int]
  private var stepsClosed = 0
  private var eventPace = Pace(ReportInterval.events)
  private var hasProgress = false

  private var ended = 0
  /// Runs that failed in this session, with the first line of their errors.
  private(set) var failures: [(id: String, message: String)] = []
  /// Runs that could not be started, with the reason.
  private(set) var blocked: [(id: String, message: String)] = []

  /// Begins a session that is to compute the runs at the indices `pending` of the plan, of some of which so many steps
  /// are saved.
  init(
    plan: SweepPlan, pending: [Int], stepsSaved: [Int: Int], directory: OutputDirectory,
    observer: any SessionObserver
  ) throws(Problem) {
    self.plan = plan
    self.stepsSaved = stepsSaved
    self.observer = observer
    events = try EventLog(directory)
    start = clock.now
    total = pending.count
    events.append(.sessionStarted, message: "\(pending.count) of \(plan.runs.count) runs to compute")
  }

  // MARK: - Events

  func started(_ assignment: GroupAssignment) {
    let first = stepsSaved[assignment.run] ?? 0
    underWay[assignment.number] = (assignment.run, first, first)
    events.append(.runStarted, run: id(assignment), ranks: assignment.members, steps: first)
  }

  func progressed(_ assignment: GroupAssignment, _ progress: RunProgress) {
    guard let entry = underWay[assignment.number] else { return }
    underWay[assignment.number]?.steps = progress.steps
    hasProgress = hasProgress || progress.steps > entry.first
  }

  func ended(_ assignment: GroupAssignment, _ summary: RunSummary) {
    close(assignment, steps: summary.steps)
    ended += 1
    events.append(
      .runEnded, run: id(assignment), ranks: assignment.members, status: summary.status,
      steps: summary.steps, seconds: summary.seconds)
  }

  /// The group has left the run, whose work is saved.
  func saved(_ assignment: GroupAssignment, _ summary: RunSummary) {
    close(assignment, steps: summary.steps)
    stepsSaved[assignment.run] = summary.steps
    events.append(
      .runSaved, run: id(assignment), ranks: assignment.members, status: .interrupted, steps: summary.steps,
      seconds: summary.seconds)
  }

  func failed(_ assignment: GroupAssignment, message: String) {
    close(assignment, steps: 0)
    ended += 1
    let firstLine = message.split(separator: "\n").first.map(String.init) ?? message
    failures.append((id(assignment), firstLine))
    observer.note("failed: \(id(assignment)): \(firstLine)")
    events.append(.runFailed, run: id(assignment), ranks: assignment.members, message: message)
  }

  /// The group has left the run without saving it.
  func interrupted(_ assignment: GroupAssignment) {
    let steps = underWay[assignment.number]?.steps ?? 0
    close(assignment, steps: steps)
    events.append(
      .runEnded, run: id(assignment), ranks: assignment.members, status: .interrupted, steps: steps)
  }

  /// The session begins to stop.
  func pausing(_ reason: String, running: Int) {
    observer.note(
      "\(reason): \(running == 0 ? "nothing is under way" : "saving \(Format.plural(running, "run")), at most \(Format.duration(SessionTimes.savingTime)); ^C leaves at once")"
    )
    events.append(.pausing, message: reason)
  }

  /// A run that cannot be started.
  func blocked(_ id: String, message: String) {
    blocked.append((id, message))
    observer.note("not started: \(id): \(message)")
  }

  func note(_ sentence: String) { observer.note(sentence) }

  /// The session is over; what is left takes so many seconds, as far as that is known.
  func finish(exitStatus: Int, obstacles: [String], left: Double?) {
    observer.finished()
    let message = (["exit status \(exitStatus)"] + obstacles).joined(separator: "; ")
    events.append(.sessionEnded, seconds: elapsed, left: left, message: message)
  }

  private func id(_ assignment: GroupAssignment) -> String { plan.runs[assignment.run].id }

  private func close(_ assignment: GroupAssignment, steps: Int) {
    guard let entry = underWay.removeValue(forKey: assignment.number) else { return }
    stepsClosed += max(steps - entry.first, 0)
  }

  // MARK: - Progress

  var elapsed: Double { start.duration(to: clock.now) / .seconds(1) }

  /// Steps computed in this session.
  private var stepsComputed: Int {
    underWay.values.reduce(stepsClosed) { $0 + max($1.steps - $1.first, 0) }
  }

  /// Whether there is anything yet to judge the speed by.
  var hasJudgement: Bool { elapsed > 1 && hasProgress }

  func showProgress(running: Int, isSaving: Bool, remaining: () -> Double) {
    observer.progressed {
      ProgressSnapshot(
        done: ended, total: total, running: running, failed: failures.count,
        stepsPerSecond: Double(stepsComputed) / max(elapsed, 1e-3),
        remaining: hasJudgement ? remaining() : nil, isSaving: isSaving)
    }
    guard eventPace.isDue() else { return }
    let left = hasJudgement ? remaining() : nil
    for (run, _, steps) in underWay.values where steps > 0 {
      events.append(.progress, run: plan.runs[run].id, steps: steps, left: left)
    }
  }
}
