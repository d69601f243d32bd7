import Console
import Jobs
import MPI
import Shards
import Training

/// Rank 0: turns reports into scheduler events and the scheduler's actions into orders, until every run has ended or the
/// session is to stop.
///
/// On small worlds rank 0 works too; `service` is then called from inside its runs.
final class Coordinator {
  private let plan: SweepPlan
  /// Indices into `plan.runs` of the runs that the scheduler knows as 0, 1, 2 ...
  private let pending: [Int]
  private let link: RankLink
  private let worker: RunWorker
  private let log: SessionLog
  private let times: SessionTimes
  private var scheduler: Scheduler
  private var running: [Int: GroupAssignment] = [:]
  /// The steps that were done of a run when its assignment began, by the index of the run.
  private var stepsSaved: [Int: Int]
  /// The assignment that rank 0 itself is to work on next.
  private var own: GroupAssignment?
  /// The ranks that hold records of runs that ended and are not on disk yet, by assignment.
  private var unwritten: [Int: Int] = [:]
  /// Assignments that rank 0 is to save and leave, or to leave at once.
  private var pausing: Set<Int> = [], abandoned: Set<Int> = []
  private var isFinished = false
  private var stop: Stop?
  /// What stopped the session, where it was neither a signal nor the end of the work: no run's fault.
  private(set) var obstacle: String?
  private var pace = Pace(.milliseconds(5))
  private var tick = Pace(.milliseconds(100))

  /// A session that starts nothing any more.
  private struct Stop {
    let since: Double
    /// Whether nobody waits for runs to be saved any more.
    var isLeaving = false
  }

  /// Coordinates the runs at the indices `pending` of the plan, computed by `ranks`, of which 0 may be one; so many of
  /// their steps stand in checkpoints.
  init(
    plan: SweepPlan, pending: [Int], costs: PlanCosts, stepsSaved: [Int: Int], times: SessionTimes,
    ranks: Range<Int>, link: RankLink, worker: RunWorker, log: SessionLog
  ) {
    self.plan = plan
    self.pending = pending
    self.link = link
    self.worker = worker
    self.log = log
    self.times = times
    self.stepsSaved = stepsSaved
    let runs = pending.map {
      Scheduler.Run(
        cost: costs[$0].operations, maximumGroup: costs[$0].maximumGroup, saved: stepsSaved[$0],
        of: plan.runs[$0].stop.steps)
    }
    scheduler = Scheduler(
      runs: runs, ranks: ranks, ranksPerRun: plan.ranksPerRun, secondsPerCost: times.secondsPerCost,
      horizon: times.horizon)
  }

  /// What a rank was seen to take for work of cost 1.
  var secondsPerCost: Double { scheduler.model.secondsPerCost }

  /// Seconds until everything has ended, as far as that can be told.
  var remaining: Double { scheduler.expectation(at: log.elapsed) }

  /// When the session began to stop, in seconds from its beginning; nil where it had nothing left to do.
  var stopTime: Double? { stop?.since }

  /// Whether the user has asked twice, and waits for nothing.
  private(set) var isHurried = false

  /// Runs the sweep to its end, or until something stops it; the other ranks wait for orders then.
  ///
  /// Runs that ended are on disk then, but for those that could not be written, which begin again another time.
  func run() throws {
    try handle(.began)
    try wait { isFinished }
    for holder in Set(unwritten.values) where holder != 0 { try link.send(.flush, to: holder) }
    try writeOwnRuns(onlyIfDue: false)
    try wait { unwritten.isEmpty }
  }

  private func wait(until isOver: () -> Bool) throws {
    var backoff = PollingBackoff.idle
    while !isOver() {
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
    try watchTime()
    var progressed = false
    while let (report, rank) = try link.nextReport() {
      progressed = true
      try handle(report, from: rank)
    }
    try writeOwnRuns(onlyIfDue: true)
    if tick.isDue() { try handle(.tick) }
    log.showProgress(
      running: running.count, isSaving: stop != nil, remaining: { [self] in remaining })
    return progressed
  }

  // MARK: - Reports

  private func handle(_ report: Report, from rank: Int) throws {
    switch report {
    case .progress(let number, let progress): try progressed(number, progress)
    case .ended(let number, let summary): try left(number, .ended(summary))
    case .saved(let number, let summary): try left(number, .saved(summary))
    case .written(let numbers): written(numbers)
    case .unwritten(let numbers, let failure): try lost(numbers, failure)
    case .failed(let number, let failure): try failed(number, failure, reporter: rank)
    }
  }

  private func progressed(_ number: Int, _ progress: RunProgress) throws {
    guard let assignment = running[number] else { return }
    log.progressed(assignment, progress)
    try handle(.progressed(assignment: number, left: share(of: assignment, after: progress.steps)))
  }

  /// The fraction of an assignment's steps that is left.
  private func share(of assignment: GroupAssignment, after steps: Int) -> Double {
    let total = plan.runs[assignment.run].stop.steps
    let saved = stepsSaved[assignment.run] ?? 0
    guard total > saved else { return 0 }
    return min(max(Double(total - steps) / Double(total - saved), 0), 1)
  }

  private func left(_ number: Int, _ ending: RunEnding) throws {
    guard let assignment = running[number] else { return }
    for note in ending.summary.notes { log.note(note) }
    switch ending {
    case .ended(let summary):
      try progressed(number, RunProgress(steps: summary.steps, seconds: summary.seconds))
      running[number] = nil
      unwritten[number] = assignment.leader
      log.ended(assignment, summary)
      try handle(.ended(assignment: number, .settled))
    case .saved(let summary):
      running[number] = nil
      log.saved(assignment, summary)
      let left = share(of: assignment, after: summary.steps)
      stepsSaved[assignment.run] = summary.steps
      try handle(.ended(assignment: number, .saved(left: left)))
    }
  }

  private func failed(_ number: Int, _ failure: RunFailure, reporter: Int) throws {
    guard let assignment = running.removeValue(forKey: number) else { return }
    try abandon(assignment, except: reporter)
    if failure.isOfMachine {
      // What keeps one run from being computed keeps the others from being saved.
      obstacle = obstacle ?? failure.message
      try stopStarting()
      log.interrupted(assignment)
      try handle(.ended(assignment: number, .interrupted))
      try leave()
    } else {
      let run = plan.runs[assignment.run]
      worker.add(
        RunRecord(failed: run, data: plan.dataFacts[run.data], message: failure.message), assignment: number)
      unwritten[number] = 0
      log.failed(assignment, message: failure.message)
      try handle(.ended(assignment: number, .settled))
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

  // MARK: - Scheduling

  private func handle(_ event: Scheduler.Event) throws {
    for action in scheduler.handle(event, at: log.elapsed) {
      switch action {
      case .start(let group):
        try start(GroupAssignment(number: group.number, run: pending[group.run], members: group.ranks))
      case .pause(let group):
        if let assignment = running[group.number] { try pause(assignment) }
      case .finish: isFinished = true
      case .abandon: preconditionFailure("Only lost ranks dissolve groups, and none is reported lost.")
      }
    }
  }

  private func start(_ assignment: GroupAssignment) throws {
    running[assignment.number] = assignment
    log.started(assignment)
    let order = Order.start(assignment, plan.runs[assignment.run])
    for member in assignment.members {
      if member == 0 { own = assignment } else { try link.send(order, to: member) }
    }
  }

  /// Asks a group to save its run; all its members hear of it, since each may be the first to come to a reduction.
  private func pause(_ assignment: GroupAssignment) throws {
    for member in assignment.members {
      if member == 0 {
        pausing.insert(assignment.number)
      } else {
        try link.send(.pause(assignment: assignment.number), to: member)
      }
    }
  }

  // MARK: - Runs on their way to the disk

  private func written(_ numbers: [Int]) {
    for number in numbers { unwritten[number] = nil }
  }

  /// Stops the sweep: where runs that ended cannot be written, others can neither be written nor saved.
  private func lost(_ numbers: [Int], _ failure: RunFailure) throws {
    written(numbers)
    obstacle = obstacle ?? failure.message
    try stopStarting()
    try leave()
  }

  private func writeOwnRuns(onlyIfDue: Bool) throws {
    do {
      written(try onlyIfDue ? worker.collector.flushIfDue() : worker.collector.flush())
    } catch {
      try lost(error.assignments, RunFailure(error.cause))
    }
  }

  // MARK: - Rank 0's own runs

  private func work(on assignment: GroupAssignment) throws {
    defer {
      pausing.remove(assignment.number)
      abandoned.remove(assignment.number)
    }
    do {
      let run = plan.runs[assignment.run]
      let ending = try worker.compute(run, assignment) { [self] in try beat(assignment, $0) }
      if assignment.leader == 0 { try left(assignment.number, ending) }
    } catch is GroupDissolved {
      return
    } catch let error as MPIError {
      // Not this run's fault, and perhaps not even its messages: orders and reports are handled inside it.
      throw error
    } catch {
      try failed(assignment.number, RunFailure(error), reporter: 0)
    }
  }

  /// Keeps rank 0 at its post while it works; returns whether its run is to be saved and left.
  private func beat(_ assignment: GroupAssignment, _ progress: () -> RunProgress) throws -> Bool {
    if pace.isDue() {
      if assignment.leader == 0 { try progressed(assignment.number, progress()) }
      try service()
    }
    if abandoned.contains(assignment.number) { throw GroupDissolved() }
    return pausing.contains(assignment.number)
  }
}

// MARK: - Stopping

extension Coordinator {
  /// Stops when that is due: first everything is saved; after a while, or where the user insists, it is left as it is.
  private func watchTime() throws {
    if stop == nil {
      if Interruption.isRequested {
        try pauseAll("asked to stop")
      } else if log.elapsed >= times.horizon.deadline ?? .infinity {
        try pauseAll("the time limit comes near")
      }
    }
    guard let stop, !stop.isLeaving else { return }
    isHurried = Interruption.isInsisted
    if isHurried || log.elapsed - stop.since > SessionTimes.savingTime { try leave() }
  }

  /// Starts nothing more, and has everything under way saved.
  private func pauseAll(_ reason: String) throws {
    log.pausing(reason, running: running.count)
    try stopStarting()
  }

  private func stopStarting() throws {
    if stop == nil { stop = Stop(since: log.elapsed) }
    try handle(.draining)
  }

  /// Leaves everything under way as it is: what stands in checkpoints is kept.
  private func leave() throws {
    stop?.isLeaving = true
    let left = running.values.sorted { $0.number < $1.number }
    if !left.isEmpty, obstacle == nil {
      log.note("\(Format.plural(left.count, "run")) left unsaved, to go on from the last checkpoint")
    }
    for assignment in left {
      running[assignment.number] = nil
      try abandon(assignment)
      log.interrupted(assignment)
      try handle(.ended(assignment: assignment.number, .interrupted))
    }
  }
}
