import Jobs

/// A session on simulated time, in which every run takes what it is expected to.
struct SimulatedSession {
  /// One assignment.
  struct Span {
    let assignment: Scheduler.Assignment
    let start: Double
    /// When work on it begins.
    fileprivate let beginning: Double
    fileprivate(set) var end: Double
    /// The fraction of its work that is left then.
    fileprivate(set) var left = 0.0
  }

  /// In order of their start, each at the index of its assignment's number.
  private(set) var spans: [Span] = []
  /// The seconds of one rank that each run still needs.
  private(set) var remaining: [Double]
  private var scheduler: Scheduler
  /// Whether a run has changed its group; what it costs to go on in another job is no matter of this one.
  private var isResumed: [Bool]
  private var underWay: Set<Int> = []
  private var now = 0.0

  /// Simulates a session of runs whose costs are seconds of one rank, to its end or its deadline.
  init(_ runs: [Scheduler.Run], ranks: Range<Int>, ranksPerRun: RanksPerRun, horizon: Horizon) {
    remaining = runs.map(\.cost)
    isResumed = runs.map { _ in false }
    scheduler = Scheduler(runs: runs, ranks: ranks, ranksPerRun: ranksPerRun, horizon: horizon)
    let deadline = horizon.deadline ?? .infinity
    handle(.began)
    while let next = underWay.min(by: { (spans[$0].end, $0) < (spans[$1].end, $1) }) {
      let (end, tick) = (spans[next].end, scheduler.nextMoment(after: now) ?? .infinity)
      if min(end, tick) >= deadline, now < deadline {
        now = deadline
        handle(.draining)
      } else if tick < end {
        now = tick
        handle(.tick)
      } else {
        now = end
        leave(next)
      }
    }
  }

  private mutating func handle(_ event: Scheduler.Event) {
    for action in scheduler.handle(event, at: now) {
      switch action {
      case .start(let assignment): start(assignment)
      case .pause(let assignment): pause(assignment)
      case .abandon, .finish, .lineUp, .begun: break
      }
    }
  }

  private func speed(_ assignment: Scheduler.Assignment) -> Double {
    scheduler.model.speed(assignment.ranks.count, 0)
  }

  private mutating func start(_ assignment: Scheduler.Assignment) {
    let run = assignment.run
    let beginning = now + (isResumed[run] ? scheduler.model.restart : 0)
    isResumed[run] = true
    underWay.insert(assignment.number)
    spans.append(
      Span(
        assignment: assignment, start: now, beginning: beginning,
        end: beginning + remaining[run] / speed(assignment)))
  }

  /// The run is saved at once; what that takes is counted when it goes on.
  private mutating func pause(_ assignment: Scheduler.Assignment) {
    let span = spans[assignment.number]
    let done = max(now - span.beginning, 0) * speed(assignment)
    spans[assignment.number].end = now
    spans[assignment.number].left = max(0, 1 - done / remaining[assignment.run])
  }

  private mutating func leave(_ number: Int) {
    underWay.remove(number)
    let span = spans[number]
    remaining[span.assignment.run] *= span.left
    handle(.ended(assignment: number, span.left > 0 ? .saved(left: span.left) : .settled))
  }
}
