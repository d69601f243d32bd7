import Foundation
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

  /// What the simulated ranks are like.
  struct World {
    /// Seconds from the order to save a run until its group is free.
    var saving = 0.0
    /// Seconds from the order to go on with a saved run until it is under way.
    var starting = 0.0
    /// By how much a group falls short of twice the speed when it is doubled: 0 not at all, 1 it becomes no faster.
    var loss = 0.0
    /// How often groups say how far they are, in seconds; nil for never.
    var reports: Double?
    /// Whether runs that are under way change their groups.
    var regroups = true
    /// The longest run that ranks have in line, in seconds.
    var longestInLine = 0.0
    /// The node of every rank.
    var nodes: [Int: Int] = [:]

    /// How much faster a group is than one rank.
    func speed(_ ranks: Int) -> Double { exp2((1 - loss) * Double(ranks.trailingZeroBitCount)) }
  }

  private struct Moment: Comparable {
    var time: Double
    var order: Int
    var event: Scheduler.Event

    static func < (first: Moment, second: Moment) -> Bool {
      (first.time, first.order) < (second.time, second.order)
    }
  }

  private enum RunState { case waiting, inLine, underWay, settled }

  /// What happens to an assignment.
  private struct Work {
    let assignment: Scheduler.Assignment
    let isInterrupted: Bool
    var start = -1.0
    /// When it is under way, after it was started.
    var beginning = 0.0
    /// Nothing that is said of it counts any more.
    var isOver = false
    var isSaving = false
  }

  let runs: [Scheduler.Run]
  private(set) var scheduler: Scheduler
  /// All assignments, by number.
  var starts: [Scheduler.Assignment] { works.map(\.assignment) }
  /// The time of the last end of a run.
  private(set) var makespan = 0.0
  /// How often the scheduler said that it has finished.
  private(set) var finishes = 0
  /// Seconds of ranks that were spent on runs.
  private(set) var rankSeconds = 0.0
  /// The runs that were put into lines, and the most that one rank had there.
  private(set) var (linedUp, longestLine) = (0, 0)
  /// The assignments that were asked to pause.
  private(set) var pauses: [Scheduler.Assignment] = []
  /// The seconds of one rank that every run still takes.
  private(set) var left: [Double]
  /// Whether everything that is said of an assignment or of a rank is said again, later.
  var repeats = false
  private let world: World
  private var works: [Work] = []
  private var states: [RunState]
  private var isResumed: [Bool]
  private var workOfRank: [Int?]
  /// What ranks have in line, and what they have begun without being told.
  private var lines: [[Int]]
  private var begun: Set<Int> = []
  private var lost: Set<Int> = []
  /// When lost ranks come back.
  private var returns: Set<Int> = []
  private var future: Heap<Moment> = []
  private var moments = 0
  private var time = 0.0

  /// Runs take their cost in seconds of one rank, or `seconds`; the session is known to last for ever unless there is
  /// another horizon.
  init(
    _ runs: [Scheduler.Run], seconds: [Double]? = nil, ranks: Int, ranksPerRun: RanksPerRun = .auto,
    horizon: Horizon = Horizon(deadline: .infinity), world: World = World()
  ) {
    self.runs = runs
    self.world = world
    let kinds = runs.reduce(1) { max($0, $1.kind + 1) }
    scheduler = Scheduler(
      runs: runs, ranks: 0..<ranks, ranksPerRun: ranksPerRun, kinds: Array(repeating: nil, count: kinds),
      starting: world.regroups ? world.starting : .infinity, nodes: world.nodes, horizon: horizon,
      longestInLine: world.longestInLine)
    left = seconds ?? runs.map(\.cost)
    states = Array(repeating: .waiting, count: runs.count)
    isResumed = runs.map { !$0.isFresh }
    workOfRank = Array(repeating: nil, count: ranks)
    lines = Array(repeating: [], count: ranks)
    schedule(.began, at: 0)
    if let deadline = horizon.deadline, deadline < .infinity { schedule(.draining, at: deadline) }
  }

  /// The number of runs that are settled.
  var settledCount: Int { states.count { $0 == .settled } }

  /// Whether a run is settled.
  func isSettled(_ run: Int) -> Bool { states[run] == .settled }

  /// Whether somebody worked on a run.
  func wasStarted(_ run: Int) -> Bool { works.contains { $0.assignment.run == run && $0.start >= 0 } }

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

  /// Lets a rank be there again at a time, if it was lost.
  mutating func comeBack(_ rank: Int, at time: Double) {
    schedule(.ready(rank: rank), at: time)
    returns.insert(moments)
  }

  /// Handles all events in the order of time, until the session is cut.
  ///
  /// A group works as fast as its world lets it; `interrupts` says which assignments end half way, with their work
  /// lost.
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
}

// MARK: - Events

extension SchedulerSimulation {
  private mutating func handle(_ moment: Moment, _ interrupts: (Scheduler.Assignment) -> Bool) {
    time = moment.time
    var event = moment.event
    switch event {
    case .ended(let number, let ending):
      if works[number].isOver || works[number].isSaving && ending == .settled { return }
      end(works[number], ending)
    case .progressed(let number, _):
      guard let interval = world.reports, !works[number].isOver, !works[number].isSaving else { return }
      event = .progressed(assignment: number, left: 1 - done(works[number]))
      schedule(event, at: time + interval)
    case .lost(let rank): lose(rank)
    case .ready(let rank):
      if returns.contains(moment.order), lost.remove(rank) == nil { return }
      if lost.contains(rank) { return }
    case .began, .tick, .draining: break
    }
    for action in scheduler.handle(event, at: time) { perform(action, interrupts: interrupts) }
    if !begun.isEmpty { Issue.record("\(begun) began, and the scheduler does not know.") }
    if repeats { again(event, interrupts) }
  }

  /// Says again what says nothing new.
  private mutating func again(_ event: Scheduler.Event, _ interrupts: (Scheduler.Assignment) -> Bool) {
    switch event {
    case .progressed, .ended, .lost, .ready:
      for action in scheduler.handle(event, at: time) { perform(action, interrupts: interrupts) }
    case .began, .tick, .draining: break
    }
  }

  /// The part of an assignment's work that is done by now.
  private func done(_ work: Work) -> Double {
    let seconds = max(time - work.beginning, 0) * world.speed(work.assignment.ranks.count)
    return min(seconds / left[work.assignment.run], 1)
  }

  private mutating func end(_ work: Work, _ ending: Scheduler.Ending) {
    let assignment = work.assignment
    works[assignment.number].isOver = true
    states[assignment.run] = ending == .settled ? .settled : .waiting
    guard let first = assignment.ranks.first, workOfRank[first] == assignment.number else { return }
    rankSeconds += (time - work.start) * Double(assignment.ranks.count)
    for rank in assignment.ranks {
      workOfRank[rank] = nil
      if !lines[rank].isEmpty {
        let next = lines[rank].removeFirst()
        begun.insert(next)
        begin(next)
      }
    }
    switch ending {
    case .settled: left[assignment.run] = 0
    case .saved(let share): left[assignment.run] *= share
    case .interrupted: break
    }
    makespan = time
  }

  private mutating func kill(at end: Double, _ interval: Double) {
    for number in Set(workOfRank.compactMap(\.self)) {
      let (assignment, seconds) = (works[number].assignment, end - works[number].start)
      let size = Double(assignment.ranks.count)
      rankSeconds += seconds * size
      left[assignment.run] -= (seconds / interval).rounded(.down) * interval * size
    }
  }

  private mutating func lose(_ rank: Int) {
    lost.insert(rank)
    for number in lines[rank] {
      works[number].isOver = true
      states[works[number].assignment.run] = .waiting
    }
    lines[rank] = []
    guard let number = workOfRank[rank] else { return }
    let assignment = works[number].assignment
    works[number].isOver = true
    states[assignment.run] = .waiting
    for rank in assignment.ranks { workOfRank[rank] = nil }
  }

}

// MARK: - Actions

extension SchedulerSimulation {
  private mutating func perform(_ action: Scheduler.Action, interrupts: (Scheduler.Assignment) -> Bool) {
    switch action {
    case .start(let assignment):
      enter(assignment, .underWay, isInterrupted: interrupts(assignment))
      for rank in assignment.ranks where workOfRank[rank] != nil || lost.contains(rank) {
        Issue.record("Rank \(rank) is busy or lost.")
      }
      begin(assignment.number)
    case .lineUp(let assignment):
      enter(assignment, .inLine, isInterrupted: interrupts(assignment))
      let rank = assignment.ranks[0]
      if assignment.ranks.count > 1 || workOfRank[rank] == nil {
        Issue.record("\(assignment) is in no line.")
      }
      lines[rank].append(assignment.number)
      (linedUp, longestLine) = (linedUp + 1, max(longestLine, lines[rank].count))
    case .begun(let assignment):
      if begun.remove(assignment.number) == nil { Issue.record("\(assignment) has not begun.") }
    case .pause(let assignment): pause(assignment)
    case .abandon(let assignment, let remaining):
      if !works[assignment.number].isOver { Issue.record("\(assignment) has lost no rank.") }
      for rank in remaining { schedule(.ready(rank: rank), at: time + 0.01) }
    case .finish: finishes += 1
    }
  }

  private mutating func enter(
    _ assignment: Scheduler.Assignment, _ state: RunState, isInterrupted: Bool
  ) {
    let (run, size) = (assignment.run, assignment.ranks.count)
    if states[run] != .waiting { Issue.record("Run \(run) is started twice.") }
    if size.nonzeroBitCount != 1 || size > runs[run].maximumGroup {
      Issue.record("A group has \(size) ranks.")
    }
    if assignment.number != works.count { Issue.record("Assignment \(assignment.number) is out of order.") }
    states[run] = state
    works.append(Work(assignment: assignment, isInterrupted: isInterrupted))
  }

  private mutating func begin(_ number: Int) {
    let (assignment, isInterrupted) = (works[number].assignment, works[number].isInterrupted)
    let run = assignment.run
    for rank in assignment.ranks { workOfRank[rank] = number }
    states[run] = .underWay
    works[number].start = time
    works[number].beginning = time + (isResumed[run] ? world.starting : 0)
    isResumed[run] = true
    let duration = left[run] / world.speed(assignment.ranks.count)
    schedule(
      .ended(assignment: number, isInterrupted ? .interrupted : .settled),
      at: works[number].beginning + (isInterrupted ? duration / 2 : duration))
    if let interval = world.reports {
      schedule(.progressed(assignment: number, left: 1), at: time + interval)
    }
  }

  private mutating func pause(_ assignment: Scheduler.Assignment) {
    let work = works[assignment.number]
    if work.isOver || work.isSaving {
      Issue.record("\(assignment) is not under way.")
      return
    }
    pauses.append(assignment)
    works[assignment.number].isSaving = true
    if states[assignment.run] == .inLine {
      lines[assignment.ranks[0]].removeAll { $0 == assignment.number }
      return schedule(.ended(assignment: assignment.number, .interrupted), at: time + world.saving)
    }
    let saved = Scheduler.Ending.saved(left: 1 - done(work))
    schedule(.ended(assignment: assignment.number, saved), at: time + world.saving)
  }
}
