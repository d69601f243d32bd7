import HeapModule
import Jobs
import TestSupport

@testable import Shards
@testable import Sweep
@testable import Training

/// A sweep on simulated time, with the real coordinator and the real decisions of the ranks.
///
/// Between them are messages that take any time, ranks that are slow, stuck or lost, runs that fail, and somebody who
/// interrupts; all by a seed.
final class SimulatedWorld {
  /// What can happen, and how often; all drawn from the seed.
  struct Weather {
    /// The longest that a message takes, in seconds.
    var delay = 0.2
    /// When ranks die, and whether their neighbours see it.
    var deaths: [(time: Double, rank: Int, isSeen: Bool)] = []
    /// When ranks stand still, and for how long.
    var stalls: [(time: Double, rank: Int, seconds: Double)] = []
    /// The runs that fail, and whether the machine is at fault.
    var failures: [Int: (step: Int, isOfMachine: Bool)] = [:]
    /// The runs that end their ranks when they come to a step.
    var killers: [Int: Int] = [:]
    /// When somebody asks the session to stop.
    var interrupts: [Double] = []
    /// When the disk is full.
    var fullDisk = Double.infinity
  }

  /// One rank.
  final class Rank {
    var desk = WorkerDesk()
    var isDead = false
    /// Until when it stands still.
    var stalledUntil = 0.0
    var speed = 1.0
    /// Records that wait to be written, and since when.
    var waiting: [(assignment: Int, run: Int, isFailed: Bool)] = []
    var waitingSince = 0.0
    var orders: [Order] = []
  }

  /// A group at work on a run.
  final class Group {
    let assignment: GroupAssignment
    var present: Set<Int> = []
    var step: Int?
    init(_ assignment: GroupAssignment) { self.assignment = assignment }
  }

  private struct Moment: Comparable {
    var time: Double
    var order: Int
    var action: () throws -> Void
    static func < (first: Moment, second: Moment) -> Bool {
      (first.time, first.order) < (second.time, second.order)
    }
    static func == (first: Moment, second: Moment) -> Bool { first.order == second.order }
  }

  let weather: Weather
  let plan: SweepPlan
  var random: SeededGenerator
  private(set) var now = 0.0
  private var future: Heap<Moment> = []
  private var moments = 0
  private(set) var ranks: [Rank]
  private var arrival: [[Double]]
  private var reports: [(report: Report, rank: Int)] = []
  private var groups: [Int: Group] = [:]

  // What stands on the disk.
  private(set) var checkpoints: [Int: Int] = [:]
  private(set) var written: Set<Int> = []
  private(set) var writtenFailed: Set<Int> = []

  // What is checked.
  private(set) var complaints: [String] = []
  /// Steps that groups did of every run, and the runs that a loss has touched.
  private(set) var stepsDone: [Int: Int] = [:]
  private(set) var touched: Set<Int> = []
  var coordinator: Coordinator?
  private var interrupts = 0

  init(_ plan: SweepPlan, ranks count: Int, weather: Weather, seed: UInt64) {
    (self.plan, self.weather) = (plan, weather)
    random = SeededGenerator(seed: seed)
    ranks = (0..<count).map { _ in Rank() }
    arrival = Array(repeating: Array(repeating: 0, count: count), count: count)
    for rank in ranks { rank.speed = Double.random(in: 0.5...2, using: &random) }
    foresee()
  }

  private func foresee() {
    for death in weather.deaths {
      at(death.time) { [unowned self] in kill(death.rank, isSeen: death.isSeen) }
    }
    for stall in weather.stalls {
      at(stall.time) { [unowned self] in
        touch(stall.rank)
        ranks[stall.rank].stalledUntil = now + stall.seconds
        at(now + stall.seconds) { [unowned self] in try wake(stall.rank) }
      }
    }
    for time in weather.interrupts { at(time) { [unowned self] in interrupts += 1 } }
    for rank in ranks.indices { at(signOfLife(0)) { [unowned self] in try signal(rank) } }
  }

  var stopRequest: Coordinator.StopRequest {
    interrupts == 0 ? .none : interrupts == 1 ? .once : .insisted
  }

  // MARK: - Time

  private func at(_ time: Double, _ action: @escaping () throws -> Void) {
    future.insert(Moment(time: time, order: moments, action: action))
    moments += 1
  }

  /// Lets time pass until `isOver`, but not beyond `limit`.
  ///
  /// - Returns: whether it is over.
  func run(until limit: Double, isOver: () -> Bool) throws -> Bool {
    while !isOver() {
      guard let next = future.popMin(), next.time <= limit else { return false }
      now = next.time
      try next.action()
    }
    return true
  }

  /// Calls rank 0's coordinator again and again.
  func coordinate() throws {
    _ = try coordinator?.step()
    try wake(0)
    at(now + 0.25) { [unowned self] in try coordinate() }
  }

  // MARK: - Messages

  /// Delivers something after a while, but not before what was sent earlier the same way.
  private func deliver(from: Int, to: Int, _ action: @escaping () throws -> Void) {
    if ranks[to].isDead { return }
    let delay = from == to ? 0 : Double.random(in: 0...weather.delay, using: &random)
    arrival[from][to] = max(arrival[from][to], now + delay)
    at(arrival[from][to], action)
  }

  func send(_ order: Order, from: Int, to: Int) {
    deliver(from: from, to: to) { [unowned self] in
      ranks[to].orders.append(order)
      try wake(to)
    }
  }

  func send(_ report: Report, from: Int) {
    deliver(from: from, to: 0) { [unowned self] in
      reports.append((report, from))
      _ = try coordinator?.step()
    }
  }

  func nextReport() -> (report: Report, rank: Int)? { reports.isEmpty ? nil : reports.removeFirst() }

  // MARK: - Ranks

  private func isAbsent(_ rank: Int) -> Bool { ranks[rank].isDead || ranks[rank].stalledUntil > now }

  private func signOfLife(_ start: Double) -> Double { start + Double.random(in: 0.5...1, using: &random) }

  private func signal(_ rank: Int) throws {
    guard !ranks[rank].isDead else { return }
    if !isAbsent(rank) {
      send(.alive, from: rank)
      try wake(rank)
      try flush(rank, onlyIfDue: true)
    }
    at(signOfLife(now)) { [unowned self] in try signal(rank) }
  }

  /// A rank looks at its orders.
  private func wake(_ rank: Int) throws {
    guard !isAbsent(rank) else { return }
    let desk = { (task: [WorkerDesk.Task]) throws in
      for task in task {
        switch task {
        case .flush: try self.flush(rank, onlyIfDue: false)
        case .report(let report): self.send(report, from: rank)
        }
      }
    }
    while ranks[rank].desk.next == nil, !ranks[rank].orders.isEmpty {
      try desk(ranks[rank].desk.take(ranks[rank].orders.removeFirst()))
    }
    if let work = ranks[rank].desk.underWay, ranks[rank].desk.isLeaving {
      leave(rank, work)
      try desk(ranks[rank].desk.end())
      try wake(rank)
    } else if ranks[rank].desk.underWay == nil, let next = ranks[rank].desk.next {
      ranks[rank].desk.begin()
      arrive(rank, next.assignment)
      try wake(rank)
    }
  }

  /// A rank is done with its run.
  private func end(_ rank: Int) throws {
    guard !ranks[rank].isDead else { return }
    if isAbsent(rank) {
      return at(ranks[rank].stalledUntil) { [unowned self] in try end(rank) }
    }
    for task in ranks[rank].desk.end() {
      switch task {
      case .flush: try flush(rank, onlyIfDue: false)
      case .report(let report): send(report, from: rank)
      }
    }
    try wake(rank)
  }

  private func touch(_ rank: Int) {
    if let run = ranks[rank].desk.underWay?.run { touched.insert(run) }
    for entry in ranks[rank].waiting { touched.insert(entry.run) }
    for case .start(let assignment, _) in ranks[rank].orders { touched.insert(assignment.run) }
    for group in groups.values where group.assignment.members.contains(rank) {
      touched.insert(group.assignment.run)
    }
    for assignment in coordinator?.running.values.filter({ $0.members.contains(rank) }) ?? [] {
      touched.insert(assignment.run)
    }
  }

  private func kill(_ rank: Int, isSeen: Bool) {
    guard !ranks[rank].isDead else { return }
    touch(rank)
    ranks[rank].isDead = true
    guard isSeen else { return }
    at(now + Double.random(in: 0...2, using: &random)) { [unowned self] in
      guard let witness = ranks.indices.filter({ !isAbsent($0) }).randomElement(using: &random) else {
        return
      }
      send(.dead(rank: rank), from: witness)
    }
  }

  // MARK: - Groups

  private func arrive(_ rank: Int, _ assignment: GroupAssignment) {
    let group = groups[assignment.number] ?? Group(assignment)
    groups[assignment.number] = group
    group.present.insert(rank)
    guard group.present.count == assignment.members.count, group.step == nil else { return }
    group.step = checkpoints[assignment.run] ?? 0
    checkAlone(group)
    advance(group)
  }

  private func leave(_ rank: Int, _ assignment: GroupAssignment) {
    groups[assignment.number]?.present.remove(rank)
    if groups[assignment.number]?.present.isEmpty == true { groups[assignment.number] = nil }
  }

  /// No run is under way on two groups, all of whose members rank 0 counts on; one that begins only to hear that it is
  /// dissolved does not count.
  private func checkAlone(_ group: Group) {
    guard coordinator?.running[group.assignment.number] != nil else { return }
    for other in groups.values where other !== group && other.assignment.run == group.assignment.run {
      let isWhole = other.present.count == other.assignment.members.count
      let isCountedOn = other.assignment.members.allSatisfy { coordinator?.crew.loss(of: $0) == nil }
      if isWhole, isCountedOn, coordinator?.running[other.assignment.number] != nil {
        complaints.append("run \(group.assignment.run) is under way twice")
      }
    }
  }

  private func advance(_ group: Group) {
    let speed = group.assignment.members.reduce(0) { $0 + ranks[$1].speed }
    at(now + 1 / speed) { [unowned self] in try sum(group) }
  }

  /// The members have come to a sum; it takes all of them.
  private func sum(_ group: Group) throws {
    let (assignment, members) = (group.assignment, group.assignment.members)
    guard groups[assignment.number] === group, group.present.count == members.count else { return }
    if let absent = members.first(where: isAbsent) {
      if ranks[absent].isDead { return }
      return at(ranks[absent].stalledUntil) { [unowned self] in try sum(group) }
    }
    let run = plan.runs[assignment.run]
    guard let step = group.step else { return }
    if members.contains(where: { ranks[$0].desk.isPausing }) {
      checkpoints[assignment.run] = step
      return try close(group, .saved(assignment: assignment.number, summary(.interrupted, step)))
    }
    if step >= run.stop.steps {
      return try close(group, .ended(assignment: assignment.number, summary(.finished, step)))
    }
    if let failure = weather.failures[assignment.run], failure.step == step {
      return try fail(group, failure.isOfMachine)
    }
    // With rank 0 all would end.
    if weather.killers[assignment.run] == step,
      let victim = members.filter({ $0 > 0 }).randomElement(using: &random)
    {
      return kill(victim, isSeen: Bool.random(using: &random))
    }
    group.step = step + 1
    stepsDone[assignment.run, default: 0] += 1
    if step % 5 == 4 { checkpoints[assignment.run] = step + 1 }
    send(.progress(assignment: assignment.number, RunProgress(steps: step + 1)), from: assignment.leader)
    advance(group)
  }

  private func summary(_ status: RunStatus, _ steps: Int) -> RunSummary {
    RunSummary(status: status, steps: steps, seconds: 1)
  }

  /// All members leave a run, one sooner than the other.
  private func close(_ group: Group, _ report: Report) throws {
    groups[group.assignment.number] = nil
    for member in group.assignment.members {
      at(now + Double.random(in: 0...0.3, using: &random)) { [unowned self] in
        guard !ranks[member].isDead else { return }
        if member == group.assignment.leader {
          if case .ended = report { gather(group.assignment) }
          send(report, from: member)
        }
        try end(member)
      }
    }
  }

  /// The leader holds the record of a run that has ended.
  private func gather(_ assignment: GroupAssignment) {
    let leader = ranks[assignment.leader]
    if leader.waiting.isEmpty { leader.waitingSince = now }
    leader.waiting.append((assignment.number, assignment.run, false))
  }

  private func fail(_ group: Group, _ isOfMachine: Bool) throws {
    let member = group.assignment.members.randomElement(using: &random) ?? group.assignment.leader
    var failure = RunFailure(GroupDissolved())
    failure.isOfMachine = isOfMachine
    send(.failed(assignment: group.assignment.number, failure), from: member)
    leave(member, group.assignment)
    try end(member)
  }

  // MARK: - The disk

  /// Rank 0 keeps the record of a failed run.
  func keep(_ run: Int, assignment: Int) {
    ranks[0].waiting.append((assignment, run, true))
    ranks[0].waitingSince = now
  }

  private func flush(_ rank: Int, onlyIfDue: Bool) throws {
    let entries = ranks[rank].waiting
    guard !entries.isEmpty, !onlyIfDue || now - ranks[rank].waitingSince > 5 else { return }
    ranks[rank].waiting = []
    let numbers = entries.map(\.assignment)
    guard now < weather.fullDisk else {
      var failure = RunFailure(GroupDissolved())
      failure.isOfMachine = true
      return send(.unwritten(assignments: numbers, failure), from: rank)
    }
    for entry in entries {
      if entry.isFailed { writtenFailed.insert(entry.run) } else { written.insert(entry.run) }
    }
    send(.written(assignments: numbers), from: rank)
  }
}

/// A rank's end of the wires.
final class SimulatedTransport: Transport {
  private unowned let world: SimulatedWorld
  let rank: Int

  init(_ world: SimulatedWorld, rank: Int = 0) { (self.world, self.rank) = (world, rank) }

  var now: Double { world.now }
  func send(_ order: Order, to rank: Int) { world.send(order, from: self.rank, to: rank) }
  func nextReport() -> (report: Report, rank: Int)? { world.nextReport() }
  func send(_ report: Report) { world.send(report, from: rank) }
  func nextOrder() -> Order? { nil }
  func forget(_ rank: Int) {}
}
