import Jobs
import HeapModule
import Testing

@testable import Sweep

/// Runs a scheduler on simulated time and checks the rules every schedule obeys: no busy or lost rank gets a run, no
/// run is started while it is under way or after it is settled, groups are powers of two within the run's limit.
struct SchedulerSimulation {
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
  /// All assignments, by number.
  private(set) var starts: [Scheduler.Assignment] = []
  /// The time of the last end of a run.
  private(set) var makespan = 0.0
  /// How often the scheduler said that it has finished.
  private(set) var finishes = 0
  private var states: [RunState]
  private var workOfRank: [Int?]
  private var abandoned: Set<Int> = []
  private var lost: Set<Int> = []
  private var future: Heap<Moment> = []
  private var moments = 0
  private var time = 0.0

  init(_ runs: [Scheduler.Run], ranks: Int, ranksPerRun: RanksPerRun = .auto) {
    self.runs = runs
    scheduler = Scheduler(runs: runs, ranks: 0..<ranks, ranksPerRun: ranksPerRun)
    states = Array(repeating: .waiting, count: runs.count)
    workOfRank = Array(repeating: nil, count: ranks)
    schedule(.began, at: 0)
  }

  /// The number of runs that are settled.
  var settledCount: Int { states.count { $0 == .settled } }

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

  /// Handles all events in the order of time.
  ///
  /// A group works as fast as its ranks together; `interrupts` says which
  /// assignments end half way.
  mutating func run(interrupts: (Scheduler.Assignment) -> Bool = { _ in false }) {
    while let moment = future.popMin() {
      time = moment.time
      if case .ended(let number, let ending) = moment.event {
        if abandoned.contains(number) { continue }
        end(starts[number], ending)
      }
      if case .lost(let rank) = moment.event { lose(rank) }
      for action in scheduler.handle(moment.event) { perform(action, interrupts: interrupts) }
    }
  }

  private mutating func end(_ assignment: Scheduler.Assignment, _ ending: Scheduler.Ending) {
    for rank in assignment.ranks { workOfRank[rank] = nil }
    states[assignment.run] = ending == .settled ? .settled : .waiting
    makespan = time
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
    let duration = run.cost / Double(size)
    schedule(
      .ended(assignment: assignment.number, isInterrupted ? .interrupted : .settled),
      at: time + (isInterrupted ? duration / 2 : duration))
  }
}
