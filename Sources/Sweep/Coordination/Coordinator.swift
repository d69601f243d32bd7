import Jobs
import Training
import MPI

/// Rank 0: turns reports into scheduler events and the scheduler's actions into orders, until every run has ended.
///
/// On small worlds rank 0 works too; `service` is then called from inside its runs.
final class Coordinator {
  private let plan: SweepPlan
  /// Indices into `plan.runs` of the runs that the scheduler knows as 0, 1, 2 ...
  private let pending: [Int]
  private let link: RankLink
  private let worker: RunWorker
  private let log: SessionLog
  private var scheduler: Scheduler
  private var running: [Int: GroupAssignment] = [:]
  /// The assignment that rank 0 itself is to work on next.
  private var own: GroupAssignment?
  /// Assignments that rank 0 is to leave.
  private var abandoned: Set<Int> = []
  private var isFinished = false
  private var isStopping = false
  /// What stopped the session, where it was neither a signal nor the end of the work: no run's fault.
  private(set) var obstacle: String?
  private var pace = Pace(.milliseconds(5))

  /// Coordinates the runs at the indices `pending` of the plan, computed by `ranks`, of which 0 may be one.
  init(
    plan: SweepPlan, pending: [Int], costs: PlanCosts, ranks: Range<Int>, link: RankLink, worker: RunWorker,
    log: SessionLog
  ) {
    self.plan = plan
    self.pending = pending
    self.link = link
    self.worker = worker
    self.log = log
    scheduler = Scheduler(
      runs: pending.map { Scheduler.Run(costs[$0]) }, ranks: ranks, ranksPerRun: plan.ranksPerRun)
  }

  /// Runs the sweep to its end, or until something stops it; the other ranks wait for orders then.
  func run() throws {
    try handle(.began)
    var backoff = PollingBackoff.idle
    while !isFinished {
      let progressed = try service()
      if let assignment = own {
        own = nil
        try work(on: assignment)
      }
      if progressed || own != nil { backoff.reset() } else { backoff.pause() }
    }
  }

  /// Handles whatever has arrived.
  ///
  /// - Returns: whether anything had.
  @discardableResult
  private func service() throws -> Bool {
    if Interruption.isRequested { try stop() }
    var progressed = false
    while let (report, rank) = try link.nextReport() {
      progressed = true
      try handle(report, from: rank)
    }
    log.showProgress(running: running.count)
    return progressed
  }

  // MARK: - Reports

  private func handle(_ report: Report, from rank: Int) throws {
    switch report {
    case .progress(let number, let steps):
      if let assignment = running[number] { log.progressed(assignment, steps: steps) }
    case .ended(let number, let summary): try ended(number, summary)
    case .failed(let number, let failure): try failed(number, failure, reporter: rank)
    }
  }

  private func ended(_ number: Int, _ summary: RunSummary) throws {
    guard let assignment = running.removeValue(forKey: number) else { return }
    log.ended(assignment, summary)
    try handle(.ended(assignment: number, .settled))
  }

  private func failed(_ number: Int, _ failure: RunFailure, reporter: Int) throws {
    guard let assignment = running.removeValue(forKey: number) else { return }
    try abandon(assignment, except: reporter)
    if let obstacle = failure.isOfMachine ? failure.message : recordFailure(assignment, failure.message) {
      // Draining first, or the run would be started again.
      try stop()
      self.obstacle = self.obstacle ?? obstacle
      log.interrupted(assignment)
      try handle(.ended(assignment: number, .interrupted))
    } else {
      log.failed(assignment, message: failure.message)
      try handle(.ended(assignment: number, .settled))
    }
  }

  /// Writes the shard of a failed run.
  ///
  /// - Returns: where that fails too, what stands in the way of every other run's.
  private func recordFailure(_ assignment: GroupAssignment, _ message: String) -> String? {
    do {
      try worker.writeFailure(assignment, message: message)
      return nil
    } catch {
      log.note("failed: \(plan.runs[assignment.run].id): \(message)")
      return "\(error)"
    }
  }

  private func abandon(_ assignment: GroupAssignment, except reporter: Int? = nil) throws {
    for member in assignment.members where member != reporter {
      if member != 0 {
        try link.send(.abandon(assignment: assignment.number), to: member)
      } else if own == assignment {
        own = nil
      } else {
        abandoned.insert(assignment.number)
      }
    }
  }

  /// Starts no further run and leaves those under way; they begin again another time.
  private func stop() throws {
    guard !isStopping else { return }
    isStopping = true
    try handle(.draining)
    for assignment in running.values.sorted(by: { $0.number < $1.number }) {
      running[assignment.number] = nil
      try abandon(assignment)
      log.interrupted(assignment)
      try handle(.ended(assignment: assignment.number, .interrupted))
    }
  }

  // MARK: - Scheduling

  private func handle(_ event: Scheduler.Event) throws {
    for action in scheduler.handle(event) {
      switch action {
      case .start(let group):
        try start(GroupAssignment(number: group.number, run: pending[group.run], members: group.ranks))
      case .finish: isFinished = true
      case .abandon: preconditionFailure("Only lost ranks dissolve groups, and none is reported lost.")
      }
    }
  }

  private func start(_ assignment: GroupAssignment) throws {
    running[assignment.number] = assignment
    log.started(assignment)
    for member in assignment.members {
      if member == 0 { own = assignment } else { try link.send(.start(assignment), to: member) }
    }
  }

  // MARK: - Rank 0's own runs

  private func work(on assignment: GroupAssignment) throws {
    do {
      let summary = try worker.compute(assignment) { [self] steps in try beat(assignment, steps: steps) }
      if assignment.leader == 0 { try ended(assignment.number, summary) }
    } catch is GroupDissolved {
      abandoned.remove(assignment.number)
    } catch let error as MPIError {
      // Not this run's fault, and perhaps not even its messages: orders and reports are handled inside it.
      throw error
    } catch {
      try failed(assignment.number, RunFailure(error), reporter: 0)
    }
  }

  private func beat(_ assignment: GroupAssignment, steps: Int) throws {
    guard pace.isDue() else { return }
    if assignment.leader == 0 { log.progressed(assignment, steps: steps) }
    try service()
    if abandoned.contains(assignment.number) { throw GroupDissolved() }
  }
}
