import HeapModule
import Jobs
import Testing

@testable import Sweep

/// Runs a scheduler on simulated time and checks the rules every schedule obeys: no busy or lost rank gets a run, no
/// run is started while it is under way or after it is settled, groups are powers of two within the run's limit.
struct SchedulerSimulation {
  /// How a session ends that does not last until all its runs have ended.
  enum Cut {
    /// Everything is asked to save its work.
    case asked
    /// Everything is gone, but for what stands in checkpoints, written after every so many seconds of a group.
    case killed(checkpoints: Double)
  }

  private struct Moment: Comparable {
    var time: Double
    var order: Int
    var event: Scheduler.Event

    static func < (first: Moment, second: Moment) -> Bool {
      (first.time, first.order) < (second.time, second.order)
    }
  }

  private enum RunState { case waiting, underWay, settled }

  let runs: [Scheduler.Run]
  private(set) var scheduler: Scheduler
  /// All assignments, by number, and when they began.
  private(set) var starts: [Scheduler.Assignment] = []
  private var startTimes: [Double] = []
  /// The time of the last end of a run.
  private(set) var makespan = 0.0
  /// How often the scheduler said that it has finished.
  private(set) var finishes = 0
  /// Seconds of ranks that were spent on runs.
  private(set) var rankSeconds = 0.0
  /// The assignments that were asked to pause.
  private(set) var pauses: [Scheduler.Assignment] = []
  /// The seconds of one rank that every run still takes.
  private(set) var left: [Double]
  private var states: [RunState]
  private var workOfRank: [Int?]
  private var abandoned: Set<Int> = []
  private var lost: Set<Int> = []
  private var future: Heap<Moment> = []
  private var moments = 0
  private var time = 0.0

  /// Runs take their cost in seconds of one rank, or `seconds`; the session is known to last for ever unless there is
  /// another horizon.
  init(
    _ runs: [Scheduler.Run], seconds: [Double]? = nil, ranks: Int, ranksPerRun: RanksPerRun = .auto,
    horizon: Horizon = Horizon(deadline: .infinity)
  ) {
    self.runs = runs
    scheduler = Scheduler(runs: runs, ranks: 0..<ranks, ranksPerRun: ranksPerRun, horizon: horizon)
    left = seconds ?? runs.map(\.cost)
    states = Array(repeating: .waiting, count: runs.count)
    workOfRank = Array(repeating: nil, count: ranks)
    schedule(.began, at: 0)
    if let deadline = horizon.deadline, deadline < .infinity { schedule(.draining, at: deadline) }
  }

  /// The number of runs that are settled.
  var settledCount: Int { states.count { $0 == .settled } }

  /// Whether a run is settled.
  func isSettled(_ run: Int) -> Bool { states[run] == .settled }

  /// Whether somebody worked on a run.
  func wasStarted(_ run: Int) -> Bool { starts.contains { $0.run == run } }

  /// No schedule is shorter than the mean work per rank, or the longest run on its largest group.
  var lowerBound: Double {
    let mean = runs.reduce(0) { $0 + $1.cost } / Double(workOfRank.count)
    return max(mean, runs.map { $0.cost / Double($0.maximumGroup) }.max() ?? 0)
  }

  /// Lets something happen at a time.
  mutating func schedule(_ event: Scheduler.Event, at time: Double) {
    moments += 1
    future.insert(Moment(time: time, order: moments, event: event))
  }

  /// Handles all events in the order of time, until the session is cut.
  ///
  /// A group works as fast as its ranks together; `interrupts` says which
  /// assignments end half way, with their work lost.
  mutating func run(
    until end: Double = .infinity, cut: Cut = .asked,
    interrupts: (Scheduler.Assignment) -> Bool = { _ in false }
  ) {
    if case .asked = cut, end < .infinity { schedule(.draining, at: end) }
    while let next = future.min {
      if case .killed(let interval) = cut, next.time > end { return kill(at: end, interval) }
      let tick = scheduler.nextMoment(after: time) ?? .infinity
      if tick < next.time {
        (time, moments) = (tick, moments + 1)
        handle(Moment(time: tick, order: moments, event: .tick), interrupts)
      } else {
        future.removeMin()
        handle(next, interrupts)
      }
    }
  }

  private mutating func handle(_ moment: Moment, _ interrupts: (Scheduler.Assignment) -> Bool) {
    time = moment.time
    if case .ended(let number, let ending) = moment.event {
      if abandoned.contains(number) { return }
      end(starts[number], ending)
    }
    if case .lost(let rank) = moment.event { lose(rank) }
    for action in scheduler.handle(moment.event, at: time) { perform(action, interrupts: interrupts) }
  }

  private mutating func end(_ assignment: Scheduler.Assignment, _ ending: Scheduler.Ending) {
    let spent = (time - startTimes[assignment.number]) * Double(assignment.ranks.count)
    rankSeconds += spent
    for rank in assignment.ranks { workOfRank[rank] = nil }
    states[assignment.run] = ending == .settled ? .settled : .waiting
    switch ending {
    case .settled: left[assignment.run] = 0
    case .saved(let share): left[assignment.run] *= share
    case .interrupted: break
    }
    makespan = time
  }

  private mutating func kill(at end: Double, _ interval: Double) {
    for number in Set(workOfRank.compactMap(\.self)) {
      let (assignment, seconds) = (starts[number], end - startTimes[number])
      let size = Double(assignment.ranks.count)
      rankSeconds += seconds * size
      left[assignment.run] -= (seconds / interval).rounded(.down) * interval * size
    }
  }

  private mutating func lose(_ rank: Int) {
    lost.insert(rank)
    if let number = workOfRank[rank] { abandon(starts[number]) }
  }

  private mutating func abandon(_ assignment: Scheduler.Assignment) {
    abandoned.insert(assignment.number)
    states[assignment.run] = .waiting
    for rank in assignment.ranks { workOfRank[rank] = nil }
  }

  private mutating func perform(_ action: Scheduler.Action, interrupts: (Scheduler.Assignment) -> Bool) {
    switch action {
    case .start(let assignment): start(assignment, isInterrupted: interrupts(assignment))
    case .pause(let assignment): pause(assignment)
    case .abandon(let assignment, let remaining):
      if !abandoned.contains(assignment.number) { Issue.record("\(assignment) has lost no rank.") }
      for rank in remaining { schedule(.ready(rank: rank), at: time + 0.01) }
    case .finish: finishes += 1
    }
  }

  private mutating func start(_ assignment: Scheduler.Assignment, isInterrupted: Bool) {
    let size = assignment.ranks.count
    let run = runs[assignment.run]
    if states[assignment.run] != .waiting { Issue.record("Run \(assignment.run) is started twice.") }
    if size.nonzeroBitCount != 1 || size > run.maximumGroup { Issue.record("A group has \(size) ranks.") }
    if assignment.number != starts.count { Issue.record("Assignment \(assignment.number) is out of order.") }
    for rank in assignment.ranks {
      if workOfRank[rank] != nil || lost.contains(rank) { Issue.record("Rank \(rank) is busy or lost.") }
      workOfRank[rank] = assignment.number
    }
    states[assignment.run] = .underWay
    starts.append(assignment)
    startTimes.append(time)
    let duration = left[assignment.run] / Double(size)
    schedule(
      .ended(assignment: assignment.number, isInterrupted ? .interrupted : .settled),
      at: time + (isInterrupted ? duration / 2 : duration))
  }

  /// The group has saved its work at once.
  private mutating func pause(_ assignment: Scheduler.Assignment) {
    guard workOfRank[assignment.ranks[0]] == assignment.number else {
      Issue.record("\(assignment) is not under way.")
      return
    }
    pauses.append(assignment)
    let done = (time - startTimes[assignment.number]) * Double(assignment.ranks.count)
    let share = max(0, 1 - done / left[assignment.run])
    let saved = Scheduler.Event.ended(assignment: assignment.number, .saved(left: share))
    handle(Moment(time: time, order: moments, event: saved)) { _ in false }
    abandoned.insert(assignment.number)
  }
}
