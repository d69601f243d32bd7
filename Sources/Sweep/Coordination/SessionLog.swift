import Console
import Files
import Foundation
import Jobs
import Problems
import Shards
import Training

/// Follows one session of a sweep: writes events and `progress.json`, shows progress, remembers what failed.
final class SessionLog {
  private let plan: SweepPlan
  private let events: EventLog
  private let observer: any SessionObserver
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let directory: OutputDirectory
  private let times: SessionTimes
  private let total: Int
  private var runs = RunsUnderWay()
  private var stepsSaved: [Int: Int]
  /// What `progress.json` says from the beginning to the end of the session.
  private var told: SweepProgress
  private var pace = Pace(ReportInterval.progress)

  private var ended = 0
  /// The ranks that are lost.
  private var lost: Set<Int> = []
  /// Runs that failed in this session, with the first line of their errors.
  private(set) var failures: [(id: String, message: String)] = []
  /// Runs that could not be started, with the reason.
  private(set) var blocked: [(id: String, message: String)] = []

  /// Begins a session that is to compute the runs at the indices `pending` of the plan on so many ranks.
  ///
  /// `state` is where the sweep stands, `session` when the session began, as `sweep.json` has it.
  init(
    plan: SweepPlan, pending: [Int], state: SweepState, ranks: Int, times: SessionTimes,
    session: String, directory: OutputDirectory, observer: any SessionObserver
  ) throws(Problem) {
    (self.plan, self.directory, self.observer, self.times) = (plan, directory, observer, times)
    stepsSaved = state.stepsSaved
    events = try EventLog(directory)
    start = clock.now
    total = pending.count
    told = SweepProgress()
    (told.session, told.host, told.process) = (
      session, AtomicFile.hostName, ProcessInfo.processInfo.processIdentifier
    )
    told.interval = ReportInterval.progress / .seconds(1)
    (told.ranks.idle, told.runs.planned, told.runs.done) = (ranks, plan.runs.count, state.done)
    events.append(.sessionStarted, message: "\(pending.count) of \(plan.runs.count) runs to compute")
    tell(.computing)
  }

  // MARK: - Events

  func started(_ assignment: GroupAssignment) {
    let first = stepsSaved[assignment.run] ?? 0
    runs.start(assignment, steps: first, at: elapsed)
    events.append(.runStarted, run: id(assignment), ranks: assignment.members, steps: first)
  }

  func progressed(_ assignment: GroupAssignment, _ progress: RunProgress) {
    runs.note(progress, of: assignment.number, at: elapsed)
  }

  func ended(_ assignment: GroupAssignment, _ summary: RunSummary) {
    runs.close(assignment.number, steps: summary.steps)
    ended += 1
    events.append(
      .runEnded, run: id(assignment), ranks: assignment.members, status: summary.status,
      steps: summary.steps, seconds: summary.seconds)
  }

  /// The group has left the run, whose work is saved.
  func saved(_ assignment: GroupAssignment, _ summary: RunSummary) {
    runs.close(assignment.number, steps: summary.steps)
    stepsSaved[assignment.run] = summary.steps
    events.append(
      .runSaved, run: id(assignment), ranks: assignment.members, status: .interrupted, steps: summary.steps,
      seconds: summary.seconds)
  }

  func failed(_ assignment: GroupAssignment, message: String) {
    runs.close(assignment.number)
    ended += 1
    let firstLine = message.split(separator: "\n").first.map(String.init) ?? message
    failures.append((id(assignment), firstLine))
    observer.note("failed: \(id(assignment)): \(firstLine)")
    events.append(.runFailed, run: id(assignment), ranks: assignment.members, message: message)
  }

  /// The group has left the run without saving it.
  func interrupted(_ assignment: GroupAssignment) {
    let steps = runs.close(assignment.number)
    events.append(
      .runEnded, run: id(assignment), ranks: assignment.members, status: .interrupted, steps: steps)
  }

  /// The session begins to stop.
  func pausing(_ reason: String, running: Int) {
    observer.note(
      "\(reason): \(running == 0 ? "nothing is under way" : "saving \(Format.plural(running, "run")), at most \(Format.duration(SessionTimes.savingTime)); ^C leaves at once")"
    )
    events.append(.pausing, message: reason)
    tell(.saving)
  }

  /// A run that cannot be started.
  func blocked(_ id: String, message: String) {
    blocked.append((id, message))
    observer.note("not started: \(id): \(message)")
  }

  func note(_ sentence: String) { observer.note(sentence) }

  /// Something about ranks: lost, silent, back again.
  func ranks(_ kind: SweepEvent.Kind, _ ranks: [Int], message: String) {
    observer.note(message)
    events.append(kind, ranks: ranks, message: message)
    if kind == .rankLost { lost.formUnion(ranks) }
    if kind == .rankBack { lost.subtract(ranks) }
    told.ranks.lost = lost.count
  }

  /// The session is over; what is left takes so many seconds, as far as that is known.
  func finish(exitStatus: Int, obstacles: [String], left: Double?) {
    observer.finished()
    let message = (["exit status \(exitStatus)"] + obstacles).joined(separator: "; ")
    events.append(.sessionEnded, seconds: elapsed, left: left, message: message)
    told.exitStatus = exitStatus
    tell(.ended, left: left)
  }

  private func id(_ assignment: GroupAssignment) -> String { plan.runs[assignment.run].id }

  // MARK: - Progress

  var elapsed: Double { start.duration(to: clock.now) / .seconds(1) }

  /// Whether there is anything yet to judge the speed by.
  var hasJudgement: Bool { elapsed > 1 && runs.hasProgress }

  private var stepsPerSecond: Double { Double(runs.steps) / max(elapsed, 1e-3) }

  func showProgress(running: Int, isSaving: Bool, remaining: () -> Double) {
    observer.progressed {
      ProgressSnapshot(
        done: ended, total: total, running: running, failed: failures.count,
        stepsPerSecond: stepsPerSecond, remaining: hasJudgement ? remaining() : nil, isSaving: isSaving)
    }
    guard pace.isDue() else { return }
    tell(isSaving ? .saving : .computing, left: hasJudgement ? remaining() : nil)
  }

  /// Writes where the session is for whoever watches.
  private func tell(_ phase: SweepProgress.Phase, left: Double? = nil) {
    var now = told
    (now.phase, now.left) = (phase, left.flatMap { $0.isFinite ? $0 : nil })
    now.time = Date.now.formatted(.iso8601)
    now.stepsPerSecond = stepsPerSecond.rounded()
    now.ranks.working = runs.ranks
    now.ranks.idle = max(told.ranks.idle - runs.ranks - told.ranks.lost, 0)
    now.runs.done += ended - failures.count
    (now.runs.failed, now.runs.running) = (failures.count, runs.count)
    now.runs.waiting = max(total - ended - runs.count - blocked.count, 0)
    now.running = runs.listed(
      at: elapsed, identifier: { plan.runs[$0].id }, length: { plan.runs[$0].stop.steps })
    if let deadline = times.horizon.deadline {
      let left = max(deadline - elapsed, 0)
      now.deadline = SweepProgress.Deadline(
        time: (Date.now + left).formatted(.iso8601), left: left.rounded(), source: times.source ?? "",
        cuts: now.running.count { $0.left ?? 0 > left })
    }
    ProgressFile.write(now, directory)
  }
}
