import Foundation
import Jobs
import MPI
import Training

/// Thrown inside a run to leave it: its group is dissolved.
struct GroupDissolved: Error {}

/// What every rank but 0 does: wait for an order, carry it out, report.
final class WorkerLoop {
  private let link: RankLink
  private let worker: RunWorker
  private var stopped = false
  /// The next run, when its order came before this rank had left the last one.
  private var deferred: Order?
  /// Whether the run under way is to be saved and left.
  private var isPausing = false

  init(link: RankLink, worker: RunWorker) {
    self.link = link
    self.worker = worker
  }

  /// Returns when rank 0 ends the sweep.
  func run() throws {
    var backoff = PollingBackoff.idle
    while !stopped {
      try writeRuns(onlyIfDue: true)
      guard let order = try deferred ?? link.nextOrder() else {
        backoff.pause()
        continue
      }
      deferred = nil
      backoff.reset()
      try carryOut(order)
    }
  }

  private func carryOut(_ order: Order) throws {
    switch order {
    case .stop: stopped = true
    case .flush: try writeRuns(onlyIfDue: false)
    case .pause, .abandon: break  // The assignment has ended here already.
    case .start(let assignment, let run): try compute(run, assignment)
    }
  }

  private func compute(_ run: RunConfiguration, _ assignment: GroupAssignment) throws {
    let isLeader = assignment.leader == link.rank
    var pace = Pace(.milliseconds(5))
    var reportPace = Pace(ReportInterval.reports)
    isPausing = false
    do {
      let ending = try worker.compute(run, assignment) { [self] progress in
        guard pace.isDue() else { return isPausing }
        try checkOrders(assignment)
        try writeRuns(onlyIfDue: true)
        if isLeader && reportPace.isDue() {
          try link.send(.progress(assignment: assignment.number, progress()))
        }
        return isPausing
      }
      if isLeader { try link.send(ending.report(of: assignment)) }
    } catch is GroupDissolved {
      return
    } catch let error as MPIError {
      throw error
    } catch {
      try link.send(.failed(assignment: assignment.number, RunFailure(error)))
    }
  }

  /// Writes the runs that wait, and tells rank 0 which are on disk or lost; neither is a matter of the run under way.
  private func writeRuns(onlyIfDue: Bool) throws {
    do {
      let written = try onlyIfDue ? worker.collector.flushIfDue() : worker.collector.flush()
      if !written.isEmpty { try link.send(.written(assignments: written)) }
    } catch let lost as UnwrittenRuns {
      try link.send(.unwritten(assignments: lost.assignments, RunFailure(lost.cause)))
    }
  }

  private func checkOrders(_ assignment: GroupAssignment) throws {
    guard deferred == nil else { return }
    switch try link.nextOrder() {
    case .stop:
      stopped = true
      throw GroupDissolved()
    case .abandon(assignment.number): throw GroupDissolved()
    case .pause(assignment.number): isPausing = true
    case .start(let next, let run): deferred = .start(next, run)
    case .flush: try writeRuns(onlyIfDue: false)
    case .pause, .abandon, nil: return
    }
  }
}

extension RunEnding {
  /// What the leader tells rank 0.
  func report(of assignment: GroupAssignment) -> Report {
    switch self {
    case .ended(let summary): .ended(assignment: assignment.number, summary)
    case .saved(let summary): .saved(assignment: assignment.number, summary)
    }
  }
}

/// How often the steps done are told.
enum ReportInterval {
  /// In `progress.json`: every 3 s, or what `EOS_SWEEP_EVENT_SECONDS` says.
  static let progress: Duration = {
    let text = ProcessInfo.processInfo.environment["EOS_SWEEP_EVENT_SECONDS"]
    return .seconds(text.flatMap(Double.init) ?? 3)
  }()

  /// By leaders to rank 0, which judges the speed by them.
  static let reports = min(progress, .milliseconds(500))
}

/// Answers true at most once an interval.
struct Pace {
  private let interval: Duration
  private let clock = ContinuousClock()
  private var next: ContinuousClock.Instant

  init(_ interval: Duration) {
    self.interval = interval
    next = clock.now + interval
  }

  mutating func isDue() -> Bool {
    let now = clock.now
    guard now >= next else { return false }
    next = now + interval
    return true
  }
}
