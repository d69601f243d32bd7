import Datasets
import Jobs
import Learning
import Training
import Problems
import Shards

/// Follows one session of a sweep: writes events, shows progress, remembers what failed.
final class SessionLog {
  private let plan: SweepPlan
  private let costs: PlanCosts
  private let events: EventLog
  private let observer: any SessionObserver
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let total: Int
  private var stepsUnderWay: [Int: (run: Int, steps: Int)] = [:]
  private var stepsEnded = 0
  private var costEnded = 0.0
  private let costPlanned: Double
  private var eventPace = Pace(.seconds(10))

  private var ended = 0
  /// Runs that failed in this session, with the first line of their errors.
  private(set) var failures: [(id: String, message: String)] = []

  /// Begins a session that is to compute the runs at the indices `pending` of the plan.
  init(
    plan: SweepPlan, pending: [Int], costs: PlanCosts, directory: OutputDirectory,
    observer: any SessionObserver
  ) throws(Problem) {
    self.plan = plan
    self.costs = costs
    self.observer = observer
    events = try EventLog(directory)
    start = clock.now
    total = pending.count
    costPlanned = pending.reduce(0) { $0 + costs[$1].operations }
    events.append(.sessionStarted, message: "\(pending.count) of \(plan.runs.count) runs to compute")
  }

  // MARK: - Events

  func started(_ assignment: GroupAssignment) {
    stepsUnderWay[assignment.number] = (assignment.run, 0)
    events.append(.runStarted, run: id(assignment), ranks: assignment.members)
  }

  func progressed(_ assignment: GroupAssignment, steps: Int) {
    stepsUnderWay[assignment.number] = (assignment.run, steps)
  }

  func ended(_ assignment: GroupAssignment, _ summary: RunSummary) {
    close(assignment, status: summary.status, steps: summary.steps)
    events.append(
      .runEnded, run: id(assignment), ranks: assignment.members, status: summary.status,
      steps: summary.steps, seconds: summary.seconds)
  }

  func failed(_ assignment: GroupAssignment, message: String) {
    close(assignment, status: .failed, steps: 0)
    let firstLine = message.split(separator: "\n").first.map(String.init) ?? message
    failures.append((id(assignment), firstLine))
    observer.note("failed: \(id(assignment)): \(firstLine)")
    events.append(.runFailed, run: id(assignment), ranks: assignment.members, message: message)
  }

  func interrupted(_ assignment: GroupAssignment) {
    close(assignment, status: .interrupted, steps: 0)
    events.append(.runEnded, run: id(assignment), ranks: assignment.members, status: .interrupted)
  }

  func note(_ sentence: String) { observer.note(sentence) }

  func finish(exitStatus: Int, obstacles: [String]) {
    observer.finished()
    let message = (["exit status \(exitStatus)"] + obstacles).joined(separator: "; ")
    events.append(.sessionEnded, seconds: elapsed, message: message)
  }

  private func id(_ assignment: GroupAssignment) -> String { plan.runs[assignment.run].id }

  private func close(_ assignment: GroupAssignment, status: RunStatus, steps: Int) {
    stepsUnderWay[assignment.number] = nil
    stepsEnded += steps
    costEnded += costs[assignment.run].operations
    if status != .interrupted { ended += 1 }
  }

  // MARK: - Progress

  var elapsed: Double { start.duration(to: clock.now) / .seconds(1) }

  func showProgress(running: Int) {
    observer.progressed { snapshot(running: running) }
    guard eventPace.isDue() else { return }
    for (run, steps) in stepsUnderWay.values where steps > 0 {
      events.append(.progress, run: plan.runs[run].id, steps: steps)
    }
  }

  private func snapshot(running: Int) -> ProgressSnapshot {
    let steps = stepsUnderWay.values.reduce(stepsEnded) { $0 + $1.steps }
    return ProgressSnapshot(
      done: ended, total: total, running: running, failed: failures.count,
      stepsPerSecond: Double(steps) / max(elapsed, 1e-3), remaining: remaining)
  }

  private var remaining: Double? {
    let partial = stepsUnderWay.values.reduce(0.0) { sum, entry in
      sum + costs[entry.run].operations * Double(entry.steps)
        / Double(max(plan.runs[entry.run].stop.steps, 1))
    }
    let done = costEnded + partial
    guard done > 0, elapsed > 1 else { return nil }
    return elapsed * max(costPlanned - done, 0) / done
  }
}
