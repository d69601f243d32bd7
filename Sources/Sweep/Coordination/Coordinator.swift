import Console
import Jobs
import Shards
import Training

/// Rank 0: turns reports into scheduler events and the scheduler's actions into orders, until every run has ended or the
/// session is to stop.
///
/// It knows the world only by its transport, waits for nothing, and works in steps, so that it runs as well on simulated
/// time. Rank 0's own runs are ordered and reported like all others.
final class Coordinator: CustomStringConvertible {
  /// Whoever asks the session to stop, and how often.
  enum StopRequest { case none, once, insisted }

  let sweep: SelectedRuns
  let transport: any Transport
  let log: any CoordinatorLog
  let times: SessionTimes
  let stopRequest: () -> StopRequest
  /// Keeps the record of a run that could not be computed, to be written by rank 0.
  let keep: (RunRecord, _ assignment: Int) -> Void
  private let begun: Double

  /// Indices into `plan.runs` of the runs that the scheduler knows as 0, 1, 2 ...
  private var round: [Int] = []
  var scheduler: Scheduler
  /// Added to the scheduler's numbers, which begin at 0 in every round.
  var numberOffset = 0
  private var starts = 0
  var tags = MessageTags()
  var attempts = Attempts()
  var crew: Crew
  var vigil: Vigil
  let places: RankPlaces
  var running: [Int: GroupAssignment] = [:]
  /// Those of them that their rank has in line only.
  var inLine: Set<Int> = []
  /// The steps that were done of a run when its assignment began, by the index of the run.
  private var stepsSaved: [Int: Int]
  /// The ranks that hold records of runs that ended and are not on disk yet, by assignment.
  var unwritten: [Int: Int] = [:]
  var phase = Phase.over
  var stop: Stop?
  private var nextTick = 0.0
  var nextLook = 0.0

  enum Phase { case computing, finished, writing, over }

  /// A session that starts nothing any more.
  struct Stop {
    let since: Double
    /// When nobody waits any more for runs to be saved.
    var leftAt: Double?
  }

  /// Runs that failed in this session, by their index in the plan.
  private(set) var failed: Set<Int> = []
  /// Whether ranks were lost since the round began, so that runs may be missing that had ended.
  var hasLosses = false
  /// What stopped the session, where it was neither a signal nor the end of the work: no run's fault.
  var obstacle: String?
  /// Whether the user has asked twice, and waits for nothing.
  var isHurried = false

  /// Coordinates the runs of a sweep, of which so many steps stand in checkpoints.
  init(
    _ sweep: SelectedRuns, stepsSaved: [Int: Int], times: SessionTimes, workers: Range<Int>,
    places: RankPlaces, transport: any Transport, log: any CoordinatorLog,
    vigil: Vigil? = nil, stopRequest: @escaping () -> StopRequest,
    keep: @escaping (RunRecord, _ assignment: Int) -> Void
  ) {
    (self.sweep, self.stepsSaved, self.times, self.places) = (sweep, stepsSaved, times, places)
    (self.transport, self.log, self.stopRequest, self.keep) = (transport, log, stopRequest, keep)
    self.vigil = vigil ?? Vigil(ranks: places.all.count)
    crew = Crew(workers: workers)
    begun = transport.now
    scheduler = Self.scheduler([], [], sweep, times, times.speeds, places)
  }

  /// Seconds since the session began.
  var time: Double { transport.now - begun }

  /// How fast the ranks are, as earlier sessions and this one saw it.
  var speeds: Speeds { times.speeds.learning(from: scheduler.model, sweep.plan, sweep.costs) }

  /// Seconds until everything has ended, as far as that can be told.
  var remaining: Double { scheduler.expectation(at: time) }

  /// How many runs ranks are at work on.
  var underWayCount: Int { running.count - inLine.count }

  /// What ranks are at work on.
  var underWay: [GroupAssignment] { running.values.filter { !inLine.contains($0.number) } }

  /// When the session began to stop, in seconds from its beginning; nil where it had nothing left to do.
  var stopTime: Double? { stop?.since }

  /// For whoever looks into a session that does not end.
  var description: String {
    let groups = underWay.map { "run \($0.run) on \($0.members)" }.joined(separator: ", ")
    return
      "\(phase), \(scheduler.waitingCount) runs wait, under way: \(groups); unwritten: \(unwritten); \(crew)"
  }

  // MARK: - Rounds

  /// Begins to compute some runs, given by their indices in the plan.
  func begin(_ runs: [Int]) throws {
    precondition(phase == .over, "Rounds follow one another.")
    round = runs
    numberOffset = starts
    hasLosses = false
    scheduler = Self.scheduler(runs.map(schedulerRun), crew.workers, sweep, times, speeds, places)
    phase = .computing
    try handle(.began)
  }

  private static func scheduler(
    _ runs: [Scheduler.Run], _ workers: some Sequence<Int>, _ sweep: SelectedRuns, _ times: SessionTimes,
    _ speeds: Speeds, _ places: RankPlaces
  ) -> Scheduler {
    Scheduler(
      runs: runs, ranks: workers, ranksPerRun: sweep.plan.ranksPerRun, secondsPerCost: speeds.secondsPerCost,
      kinds: speeds.known(sweep.plan, sweep.costs), starting: speeds.starting, nodes: places.nodes,
      horizon: times.horizon, longestInLine: times.longestInLine)
  }

  private func schedulerRun(_ run: Int) -> Scheduler.Run {
    Scheduler.Run(
      cost: sweep.costs[run].operations, maximumGroup: sweep.costs[run].maximumGroup, saved: stepsSaved[run],
      of: sweep.plan.runs[run].stop.steps, kind: sweep.costs.kind(run))
  }

  /// Whether the round is over.
  ///
  /// Runs that ended are on disk then, but for those that could not be written or were lost with their ranks.
  var isOver: Bool { phase == .over }

  /// Handles whatever has arrived, and what is due.
  ///
  /// - Returns: whether anything had arrived.
  func step() throws -> Bool {
    try watchTime()
    var progressed = false
    while let (report, rank) = try transport.nextReport() {
      progressed = true
      hear(rank)
      try handle(report, from: rank)
    }
    if time >= nextTick {
      nextTick = time + 0.1
      if phase == .computing { try handle(.tick) }
    }
    try lookForSilence()
    try endRound()
    log.showProgress(
      running: underWayCount, isSaving: stop != nil, remaining: { [self] in remaining })
    return progressed
  }

  private func endRound() throws {
    if phase == .finished {
      for holder in Set(unwritten.values) { try transport.send(.flush, to: holder) }
      phase = .writing
    }
    if phase == .writing, unwritten.isEmpty || isWaitedForLongEnough { phase = .over }
  }

  /// Who leaves everything waits a bounded time for those that write.
  private var isWaitedForLongEnough: Bool {
    stop?.leftAt.map { time - $0 > SessionTimes.savingTime } ?? false
  }

  /// Whether another round can follow.
  var mayGoOn: Bool { stop == nil && obstacle == nil && !crew.workers.isEmpty }

  // MARK: - Reports

  private func handle(_ report: Report, from rank: Int) throws {
    switch report {
    case .progress(let number, let progress): try progressed(number, progress)
    case .ended(let number, let summary): try left(number, .ended(summary))
    case .saved(let number, let summary): try left(number, .saved(summary))
    case .written(let numbers): written(numbers)
    case .unwritten(let numbers, let failure):
      written(numbers)
      try give(up: failure)
    case .failed(let number, let failure): try failed(number, failure, reporter: rank)
    case .left(let number): try hasLeft(rank, number)
    case .alive: break
    case .dead(let other): try lose(other, .dead)
    }
  }

  private func progressed(_ number: Int, _ progress: RunProgress) throws {
    guard let assignment = running[number] else { return }
    attempts.reached(progress.steps, of: assignment.run)
    log.progressed(assignment, progress)
    let left = share(of: assignment, after: progress.steps)
    try handle(.progressed(assignment: number - numberOffset, left: left))
  }

  /// The fraction of an assignment's steps that is left.
  private func share(of assignment: GroupAssignment, after steps: Int) -> Double {
    let total = sweep.plan.runs[assignment.run].stop.steps
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
      try handle(.ended(assignment: number - numberOffset, .settled))
    case .saved(let summary):
      running[number] = nil
      log.saved(assignment, summary)
      let left = share(of: assignment, after: summary.steps)
      stepsSaved[assignment.run] = summary.steps
      try handle(.ended(assignment: number - numberOffset, .saved(left: left)))
    }
  }

  private func failed(_ number: Int, _ failure: RunFailure, reporter: Int) throws {
    guard let assignment = running.removeValue(forKey: number) else { return }
    try abandon(assignment, except: reporter)
    if failure.isOfMachine {
      log.interrupted(assignment)
      try handle(.ended(assignment: number - numberOffset, .interrupted))
      try give(up: failure)
    } else {
      try settle(assignment, failedBecause: failure.message)
    }
  }

  /// Records that a run cannot be computed.
  private func settle(_ assignment: GroupAssignment, failedBecause message: String) throws {
    let run = sweep.plan.runs[assignment.run]
    keep(
      RunRecord(failed: run, data: sweep.plan.dataFacts[run.data], message: message), assignment.number)
    unwritten[assignment.number] = 0
    failed.insert(assignment.run)
    log.failed(assignment, message: message)
    try handle(.ended(assignment: assignment.number - numberOffset, .settled))
  }

  private func written(_ numbers: [Int]) {
    for number in numbers { unwritten[number] = nil }
  }

  /// Members leave a run at once; messages of its sums may be left behind.
  func abandon(_ assignment: GroupAssignment, except reporter: Int? = nil) throws {
    if assignment.members.count > 1 { tags.spend(assignment.tag) }
    for member in assignment.members where member != reporter {
      try transport.send(.abandon(assignment: assignment.number), to: member)
    }
  }

  // MARK: - Scheduling

  func handle(_ event: Scheduler.Event) throws {
    var refused: [(assignment: GroupAssignment, objection: String)] = []
    for action in scheduler.handle(event, at: time) {
      switch action {
      case .start(let group), .lineUp(let group):
        let assignment = GroupAssignment(
          number: group.number + numberOffset, run: round[group.run], members: group.ranks, tag: tags.take())
        starts = max(starts, assignment.number + 1)
        if let objection = attempts.objection(to: assignment.run) {
          refused.append((assignment, objection))
        } else {
          try start(assignment, isInLine: action == .lineUp(group))
        }
      case .begun(let group): begun(group)
      case .pause(let group): try pause(group)
      // Its members were told when the rank was lost.
      case .abandon: break
      case .finish: if phase == .computing { phase = .finished }
      }
    }
    // Each may start others, whose orders come after those above.
    for (assignment, objection) in refused { try settle(assignment, failedBecause: objection) }
  }

  private func start(_ assignment: GroupAssignment, isInLine: Bool) throws {
    running[assignment.number] = assignment
    if isInLine { inLine.insert(assignment.number) } else { log.started(assignment) }
    let order = Order.start(assignment, sweep.plan.runs[assignment.run])
    for member in assignment.members { try transport.send(order, to: member) }
  }

  /// All members hear of it, since each may be the first to come to a reduction.
  private func pause(_ group: Scheduler.Assignment) throws {
    guard let assignment = running[group.number + numberOffset] else { return }
    for member in assignment.members {
      try transport.send(.pause(assignment: assignment.number), to: member)
    }
  }

  private func begun(_ group: Scheduler.Assignment) {
    guard let assignment = running[group.number + numberOffset] else { return }
    inLine.remove(assignment.number)
    log.started(assignment)
  }

  /// A rank has left an assignment that it was asked to leave, or gives back what it had in line.
  private func hasLeft(_ rank: Int, _ number: Int) throws {
    guard let assignment = running.removeValue(forKey: number) else { return try welcome(rank, number) }
    if inLine.remove(number) == nil { log.interrupted(assignment) }
    try handle(.ended(assignment: number - numberOffset, .interrupted))
  }
}
