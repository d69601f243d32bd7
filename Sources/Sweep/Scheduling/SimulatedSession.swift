import Jobs

/// A session on simulated time, in which every run takes what it is expected to, and groups work as fast as their ranks
/// together.
struct SimulatedSession {
  /// One assignment.
  struct Span {
    let assignment: Scheduler.Assignment
    let start: Double
    var end: Double
    /// The seconds of one rank that the run needs after it; 0 where it has ended.
    var left: Double
  }

  /// In order of their start.
  private(set) var spans: [Span] = []
  private var scheduler: Scheduler
  private let seconds: [Double]
  private var left: [Double]
  private var underWay: [Int] = []
  private var now = 0.0

  /// Simulates a session of runs whose costs are seconds of one rank, to its end or its deadline.
  init(_ runs: [Scheduler.Run], ranks: Range<Int>, ranksPerRun: RanksPerRun, horizon: Horizon) {
    seconds = runs.map(\.cost)
    left = seconds
    scheduler = Scheduler(runs: runs, ranks: ranks, ranksPerRun: ranksPerRun, horizon: horizon)
    perform(scheduler.handle(.began, at: 0))
    while let next = underWay.min(by: { spans[$0].end < spans[$1].end }) {
      let (end, number) = (spans[next].end, spans[next].assignment.number)
      let deadline = horizon.deadline ?? .infinity
      let tick = scheduler.nextMoment(after: now) ?? .infinity
      if min(end, tick) >= deadline {
        now = deadline
        perform(scheduler.handle(.draining, at: now))
      } else if tick < end {
        now = tick
        perform(scheduler.handle(.tick, at: now))
      } else {
        now = end
        underWay.removeAll { $0 == next }
        left[spans[next].assignment.run] = 0
        perform(scheduler.handle(.ended(assignment: number, .settled), at: now))
      }
    }
  }

  /// The seconds of one rank that each run still needs.
  var remaining: [Double] { left }

  private mutating func perform(_ actions: [Scheduler.Action]) {
    for action in actions {
      switch action {
      case .start(let assignment): start(assignment)
      case .pause(let assignment): pause(assignment)
      case .abandon, .finish: break
      }
    }
  }

  private mutating func start(_ assignment: Scheduler.Assignment) {
    let end = now + left[assignment.run] / Double(assignment.ranks.count)
    underWay.append(spans.count)
    spans.append(Span(assignment: assignment, start: now, end: end, left: 0))
  }

  private mutating func pause(_ assignment: Scheduler.Assignment) {
    guard let index = underWay.first(where: { spans[$0].assignment == assignment }) else { return }
    let whole = left[assignment.run]
    let rest = (spans[index].end - now) * Double(assignment.ranks.count)
    (spans[index].end, spans[index].left, left[assignment.run]) = (now, rest, rest)
    underWay.removeAll { $0 == index }
    perform(scheduler.handle(.ended(assignment: assignment.number, .saved(left: rest / whole)), at: now))
  }
}
