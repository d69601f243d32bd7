// Who runs what, as a pure state machine: events go in, actions come out. It knows neither MPI nor files nor a
// clock, so it is tested on simulated time.
//
// Longest first. While runs are waiting for ranks, a run gets one rank, which wastes nothing; only a run that would
// outlast everybody else's share of the work gets more from the start (`Scheduler+Starting.swift`). When ranks outnumber
// the waiting runs, groups grow in powers of two up to the number of blocks a run can share out, and runs are saved to go
// on in larger groups (`Scheduler+Regrouping.swift`). Where the session is not sure to last until everything has ended, a
// share of it goes to the shortest runs instead (`Scheduler+Turns.swift`). Since a run's bits depend neither on its group
// nor on pauses, nothing decided here can change a result.

import HeapModule
public import Jobs

/// Assigns runs to groups of ranks.
public struct Scheduler: Sendable {
  /// A run as the scheduler sees it.
  public struct Run: Hashable, Sendable {
    /// The estimated work that is left, in any unit; greater than 0.
    public var cost: Double
    /// The most ranks that can share the run: a power of two.
    public var maximumGroup: Int
    /// Runs of one kind, counted from 0, are as fast as each other for their cost.
    public var kind: Int
    /// Whether nobody has worked on it yet.
    public var isFresh: Bool

    /// Creates a run.
    public init(cost: Double, maximumGroup: Int, kind: Int = 0, isFresh: Bool = true) {
      precondition(cost > 0 && cost.isFinite, "A cost is a positive number.")
      precondition(maximumGroup.nonzeroBitCount == 1, "The size of a group is a power of two.")
      self.cost = cost
      self.maximumGroup = maximumGroup
      self.kind = kind
      self.isFresh = isFresh
    }
  }

  /// A run handed to a group of ranks.
  public struct Assignment: Hashable, Sendable {
    /// Counts the assignments of a sweep from 0.
    ///
    /// A run that is started again gets another number, so that a late message
    /// about its first start is recognised.
    public let number: Int
    /// The index of the run.
    public let run: Int
    /// The ranks, ascending; their number is a power of two; the first leads.
    public let ranks: [Int]
  }

  /// How an assignment ended.
  public enum Ending: Hashable, Sendable {
    /// With a result, a divergence or an error: the run is not started again.
    case settled
    /// Before its end, with its work saved: the run waits again, with this fraction of the assignment's work left.
    case saved(left: Double)
    /// Before its end, and what was done is lost: the run waits again.
    case interrupted
  }

  /// What happened.
  public enum Event: Hashable, Sendable {
    /// The sweep begins: all ranks are free.
    case began
    /// This fraction of an assignment's work is left.
    case progressed(assignment: Int, left: Double)
    /// A group has ended its assignment: all its ranks are free.
    case ended(assignment: Int, Ending)
    /// A rank is free: it has left an abandoned group, or is new.
    case ready(rank: Int)
    /// A rank is gone for good.
    case lost(rank: Int)
    /// Time has passed.
    case tick
    /// The sweep is to stop: nothing is started any more, and what is under way pauses.
    case draining

    /// Whether a rank or a run has changed its state.
    var isNews: Bool {
      switch self {
      case .progressed, .tick: false
      default: true
      }
    }
  }

  /// What is to be done.
  public enum Action: Hashable, Sendable {
    /// Start a run on a group.
    case start(Assignment)
    /// Put a run into the line of one rank, which begins it when it has ended what it was given before.
    case lineUp(Assignment)
    /// What stood in a line is under way now.
    case begun(Assignment)
    /// A group is to save its work and leave the run, or to give back what it has in line; `ended` follows, since the run
    /// may also begin or reach its end meanwhile.
    case pause(Assignment)
    /// A group has lost a member: the ranks that remain leave the run, and report `ready` when they have.
    case abandon(Assignment, remaining: [Int])
    /// Nothing is under way, and nothing will be started any more. Comes once, last.
    case finish
  }

  /// A run that waits, ordered so that the largest is started next.
  struct Waiting: Comparable, Sendable {
    var cost: Double
    var run: Int

    static func < (first: Waiting, second: Waiting) -> Bool {
      (first.cost, second.run) < (second.cost, first.run)
    }
  }

  /// An assignment that has not ended.
  struct UnderWay: Sendable {
    let assignment: Assignment
    let kind: Int
    /// The work that was left when it began.
    var cost: Double
    private(set) var start: Double
    let isTurn: Bool
    /// Whether its rank is still at work on something else.
    private(set) var isInLine: Bool
    /// The fraction of it that was left at the time `reference`, and its cost by what was seen since.
    var fraction = 1.0
    var left: Double
    var reference: Double
    /// Until when the model has learnt from it.
    var learnt: Double
    var pace = GroupPace()
    /// Since when it is being saved.
    var pausing: Double?

    init(_ assignment: Assignment, _ run: Run, isTurn: Bool, isInLine: Bool, at time: Double) {
      (self.assignment, kind, self.isTurn, self.isInLine) = (assignment, run.kind, isTurn, isInLine)
      (cost, left, start, reference, learnt) = (run.cost, run.cost, time, time, time)
    }

    /// Its turn in the line of its rank has come.
    mutating func begin(at time: Double) {
      (isInLine, start, reference, learnt) = (false, time, time, time)
    }

    var isPausing: Bool { pausing != nil }
    var size: Double { Double(assignment.ranks.count) }
  }

  /// The runs; their cost is what is left of them, in the settled seconds of the model.
  var runs: [Run]
  let horizon: Horizon
  let groupSize: RanksPerRun
  var model: CostModel
  var waiting: Heap<Waiting>
  var underWay: [Int: UnderWay] = [:]
  var turns = Turns()
  var regrouping = Regrouping()
  var settling = Settling()
  /// The size and the speed of the last group of every run that was saved.
  var paces: [Int: (size: Int, costPerSecond: Double)] = [:]
  var load = Load()
  var lines: Lines
  var assignmentOfRank: [Int: Int] = [:]
  var idle: IdleRanks
  var alive: Set<Int>
  var unsettledCost: Double
  var starts = 0
  private(set) var isDraining = false
  private var isFinished = false

  /// The runs that wait to be started.
  public var waitingCount: Int { waiting.count }

  /// Plans runs, named by their index, for some ranks.
  ///
  /// - Parameters:
  ///   - runs: what is to be computed.
  ///   - ranks: who computes.
  ///   - ranksPerRun: how many of them share a run.
  ///   - secondsPerCost: how long one rank takes for work of cost 1, until it was seen.
  ///   - kinds: the same for every kind of run, as far as that is known.
  ///   - starting: the seconds from the order to start a run until it is under way, until that was seen; infinite where no
  ///     run that is under way is ever to change its group.
  ///   - nodes: the node of every rank, counted from 0; the first where it is not named.
  ///   - horizon: how long the session lasts.
  ///   - longestInLine: ranks have runs in line that take no more than so many seconds each.
  public init(
    runs: [Run], ranks: some Sequence<Int>, ranksPerRun: RanksPerRun = .auto, secondsPerCost: Double = 1,
    kinds: [Double?] = [nil], starting: Double = 0.5, nodes: [Int: Int] = [:],
    horizon: Horizon = Horizon(), longestInLine: Double = 0
  ) {
    if case .fixed(let size) = ranksPerRun {
      precondition(size > 0 && size.nonzeroBitCount == 1, "The size of a group is a power of two.")
    }
    let model = CostModel(secondsPerCost: secondsPerCost, known: kinds, starting: starting)
    let runs = runs.map { run in
      var run = run
      run.cost *= model.rate(run.kind)
      return run
    }
    self.runs = runs
    self.model = model
    self.horizon = horizon
    groupSize = ranksPerRun
    lines = Lines(longestRun: longestInLine)
    waiting = Heap(runs.indices.map { Waiting(cost: runs[$0].cost, run: $0) })
    alive = Set(ranks)
    idle = IdleRanks(nodes: nodes)
    unsettledCost = runs.reduce(0) { $0 + $1.cost }
  }

  /// Takes in an event at a time, in seconds from the beginning of the session, and says what is to be done now.
  public mutating func handle(_ event: Event, at time: Double) -> [Action] {
    var actions: [Action] = []
    switch event {
    case .began: for rank in alive { release(rank) }
    case .progressed(let number, let left): progress(number, left: left, time)
    case .ended(let number, let ending): actions += end(number, ending, time)
    case .ready(let rank): welcome(rank)
    case .lost(let rank): actions += lose(rank, time)
    case .tick: break
    case .draining:
      isDraining = true
      actions += pause(Array(underWay.values), time)
    }
    settleIfDue()
    if !isDraining { actions += takeUpWork(event, begun: actions, time) }
    if underWay.isEmpty, !isFinished, isOver(time) {
      isFinished = true
      actions.append(.finish)
    }
    return actions
  }

  private mutating func takeUpWork(_ event: Event, begun: [Action], _ time: Double) -> [Action] {
    var actions: [Action] = []
    if isPlanned(time) {
      actions = startTurns(time) + changeGroups(time, isNews: event.isNews)
    } else {
      actions = startRuns(time)
      if !horizon.isClosing(at: time) { actions += lineUp(behind: begun + actions, time) }
    }
    return actions + (event == .tick ? takeBack(time) + makeRoom(time) : [])
  }

  private func isOver(_ time: Double) -> Bool {
    waiting.isEmpty || isDraining || alive.isEmpty || horizon.isClosing(at: time)
  }

  /// About how many seconds the whole sweep takes from now on, all ranks working.
  func remaining(at time: Double) -> Double {
    (model.seconds(unsettledCost) - load.rankSeconds(until: time)) / Double(max(alive.count, 1))
  }

  /// Seconds until everything has ended: no less than the longest run takes on all ranks that can share it.
  func expectation(at time: Double) -> Double {
    let waits =
      waiting.max.map { model.seconds($0.cost) / model.speed(runs[$0.run].maximumGroup, runs[$0.run].kind) }
      ?? 0
    let works = underWay.values.reduce(0) { longest, entry in
      max(longest, seconds(left: entry, time))
    }
    return max(remaining(at: time), waits, works, 0)
  }

  /// The seconds that a group still needs.
  func seconds(left entry: UnderWay, _ time: Double) -> Double {
    model.seconds(entry.left) / speed(entry) - (time - entry.reference)
  }

  /// How much faster a group is than one rank.
  func speed(_ entry: UnderWay) -> Double { model.speed(entry.assignment.ranks.count, entry.kind) }

  /// The number of ranks that compute.
  var rankCount: Int { alive.count }

  /// The number of ranks that have nothing to do.
  var idleCount: Int { idle.count }

  /// Asks assignments to save their work and leave, and for what their ranks have in line: that first, so that it is not begun.
  mutating func pause(_ entries: [UnderWay], _ time: Double) -> [Action] {
    let ranks = Set(entries.flatMap(\.assignment.ranks))
    let behind = lines.all { ranks.contains($0) }.compactMap { underWay[$0] }.filter { !$0.isPausing }
    let others = entries.filter { !$0.isPausing && !$0.isInLine }
    let chosen = [behind, others].flatMap { $0.map(\.assignment).sorted { $0.number < $1.number } }
    for assignment in chosen { underWay[assignment.number]?.pausing = time }
    return chosen.map { .pause($0) }
  }
}
