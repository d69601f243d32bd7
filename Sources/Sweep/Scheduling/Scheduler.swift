// Who runs what, as a pure state machine: events go in, actions come out. It knows neither MPI nor files nor a
// clock, so it is tested on simulated time.
//
// Longest first. While runs are waiting for ranks, a run gets one rank, which wastes nothing; only a run that would
// outlast everybody else's share of the work gets more from the start. When ranks outnumber the waiting runs,
// groups grow in powers of two up to the number of blocks a run can share out. Where the session is not sure to last
// until everything has ended, a share of it goes to the shortest runs instead (`Scheduler+Turns.swift`). Since a run's
// bits depend neither on its group nor on pauses, nothing decided here can change a result.

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
    /// Whether nobody has worked on it yet.
    public var isFresh: Bool

    /// Creates a run.
    public init(cost: Double, maximumGroup: Int, isFresh: Bool = true) {
      precondition(cost > 0 && cost.isFinite, "A cost is a positive number.")
      precondition(maximumGroup.nonzeroBitCount == 1, "The size of a group is a power of two.")
      self.cost = cost
      self.maximumGroup = maximumGroup
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
  }

  /// What is to be done.
  public enum Action: Hashable, Sendable {
    /// Start a run on a group.
    case start(Assignment)
    /// A group is to save its work and leave the run; `ended` follows, since the run may also reach its end meanwhile.
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
    /// The work that was left when it began.
    let cost: Double
    let start: Double
    let isTurn: Bool
    /// The fraction of it that was left at the time `reference`, and its cost by what was seen since.
    var fraction = 1.0
    var left: Double
    var reference: Double
    var isPausing = false

    var size: Double { Double(assignment.ranks.count) }
  }

  private(set) var runs: [Run]
  let horizon: Horizon
  let groupSize: RanksPerRun
  private(set) var model: CostModel
  var waiting: Heap<Waiting>
  var underWay: [Int: UnderWay] = [:]
  var turns = Turns()
  private var load = Load()
  private var assignmentOfRank: [Int: Int] = [:]
  private var idle: Heap<Int> = []
  private var alive: Set<Int>
  private var unsettledCost: Double
  private var starts = 0
  private var isDraining = false
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
  ///   - horizon: how long the session lasts.
  public init(
    runs: [Run], ranks: some Sequence<Int>, ranksPerRun: RanksPerRun = .auto, secondsPerCost: Double = 1,
    horizon: Horizon = Horizon()
  ) {
    if case .fixed(let size) = ranksPerRun {
      precondition(size > 0 && size.nonzeroBitCount == 1, "The size of a group is a power of two.")
    }
    self.runs = runs
    self.horizon = horizon
    groupSize = ranksPerRun
    model = CostModel(secondsPerCost: secondsPerCost)
    waiting = Heap(runs.indices.map { Waiting(cost: runs[$0].cost, run: $0) })
    alive = Set(ranks)
    unsettledCost = runs.reduce(0) { $0 + $1.cost }
  }

  /// Takes in an event at a time, in seconds from the beginning of the session, and says what is to be done now.
  public mutating func handle(_ event: Event, at time: Double) -> [Action] {
    var actions: [Action] = []
    switch event {
    case .began: idle = Heap(alive)
    case .progressed(let number, let left): progress(number, left: left, time)
    case .ended(let number, let ending): end(number, ending, time)
    case .ready(let rank): welcome(rank)
    case .lost(let rank): actions += lose(rank, time)
    case .tick: break
    case .draining:
      isDraining = true
      actions += pause(Array(underWay.values))
    }
    actions += startRuns(time)
    if case .tick = event, !isDraining { actions += waiting.isEmpty ? regroup(time) : makeRoom(time) }
    if underWay.isEmpty, !isFinished, isOver(time) {
      isFinished = true
      actions.append(.finish)
    }
    return actions
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
    let waits = waiting.max.map { model.seconds($0.cost) / Double(runs[$0.run].maximumGroup) } ?? 0
    let works = underWay.values.reduce(0) { longest, entry in
      max(longest, seconds(left: entry, time))
    }
    return max(remaining(at: time), waits, works, 0)
  }

  /// The seconds that a group still needs.
  func seconds(left entry: UnderWay, _ time: Double) -> Double {
    model.seconds(entry.left) / entry.size - (time - entry.reference)
  }

  /// The number of ranks that compute.
  var rankCount: Int { alive.count }

  /// The number of ranks that have nothing to do.
  var idleCount: Int { idle.count }

  /// Asks assignments under way to save their work and leave.
  mutating func pause(_ entries: [UnderWay]) -> [Action] {
    let chosen = entries.filter { !$0.isPausing }.map(\.assignment).sorted { $0.number < $1.number }
    for assignment in chosen { underWay[assignment.number]?.isPausing = true }
    return chosen.map { .pause($0) }
  }
}

// MARK: - Events

extension Scheduler {
  private mutating func progress(_ number: Int, left: Double, _ time: Double) {
    guard let entry = underWay[number] else { return }
    let seconds = (time - entry.reference) * entry.size
    model.learn(cost: entry.cost * (entry.fraction - left), rankSeconds: seconds)
    let estimate = model.cost(ofWhole: entry.cost, left: left, after: (time - entry.start) * entry.size)
    unsettledCost += estimate - entry.left
    load.remove(entry)
    underWay[number]?.fraction = left
    underWay[number]?.left = estimate
    underWay[number]?.reference = time
    if let entry = underWay[number] { load.add(entry) }
  }

  private mutating func end(_ number: Int, _ ending: Ending, _ time: Double) {
    if case .saved(let left) = ending { progress(number, left: left, time) }
    guard let entry = underWay.removeValue(forKey: number) else { return }
    for rank in entry.assignment.ranks { release(rank) }
    leave(entry, time)
    switch ending {
    case .settled: unsettledCost -= entry.left
    case .saved: wait(entry, cost: max(entry.left, entry.cost * 1e-6))
    case .interrupted: wait(entry, cost: entry.cost)
    }
  }

  private mutating func leave(_ entry: UnderWay, _ time: Double) {
    load.remove(entry)
    turns.end(entry, at: time)
  }

  /// A run whose assignment has ended early waits again.
  private mutating func wait(_ entry: UnderWay, cost: Double) {
    let run = entry.assignment.run
    unsettledCost += cost - entry.left
    runs[run].cost = cost
    runs[run].isFresh = false
    waiting.insert(Waiting(cost: cost, run: run))
  }

  private mutating func release(_ rank: Int) {
    assignmentOfRank[rank] = nil
    idle.insert(rank)
  }

  private mutating func welcome(_ rank: Int) {
    alive.insert(rank)
    if assignmentOfRank[rank] == nil, !idle.unordered.contains(rank) { idle.insert(rank) }
  }

  private mutating func lose(_ rank: Int, _ time: Double) -> [Action] {
    guard alive.remove(rank) != nil else { return [] }
    guard let number = assignmentOfRank.removeValue(forKey: rank),
      let entry = underWay.removeValue(forKey: number)
    else {
      idle = Heap(idle.unordered.filter { $0 != rank })
      return []
    }
    leave(entry, time)
    wait(entry, cost: entry.cost)
    let remaining = entry.assignment.ranks.filter { $0 != rank }
    for rank in remaining { assignmentOfRank[rank] = nil }
    return remaining.isEmpty ? [] : [.abandon(entry.assignment, remaining: remaining)]
  }
}

// MARK: - Starting

extension Scheduler {
  /// A run that is to start on so many ranks.
  private typealias Group = (run: Int, size: Int, isTurn: Bool)

  private mutating func startRuns(_ time: Double) -> [Action] {
    guard !isDraining, !waiting.isEmpty, !idle.isEmpty else { return [] }
    if horizon.isClosing(at: time) { return takeWhatEnds(time).map { .start(assign($0, time)) } }
    let groups =
      switch groupSize {
      case .fixed(let size): takeGroups(of: size, time)
      case .auto: waiting.count >= idle.count ? takeSmallGroups(time) : takeGrownGroups()
      }
    return groups.map { .start(assign($0, time)) }
  }

  private mutating func assign(_ group: Group, _ time: Double) -> Assignment {
    let ranks = (0..<group.size).map { _ in idle.removeMin() }
    let assignment = Assignment(number: starts, run: group.run, ranks: ranks)
    let cost = runs[group.run].cost
    let entry = UnderWay(
      assignment: assignment, cost: cost, start: time, isTurn: group.isTurn, left: cost, reference: time)
    starts += 1
    underWay[assignment.number] = entry
    load.add(entry)
    turns.begin(entry, isFresh: runs[group.run].isFresh)
    for rank in ranks { assignmentOfRank[rank] = assignment.number }
    return assignment
  }

  /// The size of a group where that is fixed: smaller only where a run or the world does not allow it.
  private func size(_ size: Int, of run: Int) -> Int {
    min(size, runs[run].maximumGroup, Self.powerOfTwo(upTo: alive.count))
  }

  /// Groups of one fixed size.
  private mutating func takeGroups(of size: Int, _ time: Double) -> [Group] {
    var groups: [Group] = []
    var free = idle.count
    var promised = Promise()
    while let next = takeNext(time, promised, isLast: free < 2 * size) {
      let group = self.size(size, of: next.run.run)
      guard group <= free else {
        waiting.insert(next.run)
        break
      }
      groups.append((next.run.run, group, next.isTurn))
      free -= group
      promised.add(runs[next.run.run], ranks: group, isTurn: next.isTurn)
    }
    return groups
  }

  /// More runs than ranks: one rank each, unless a run would take longer than a fair share of all the work.
  private mutating func takeSmallGroups(_ time: Double) -> [Group] {
    let share = unsettledCost / Double(alive.count)
    var groups: [Group] = []
    var free = idle.count
    var promised = Promise()
    while free > 0, let next = takeNext(time, promised, isLast: free == 1) {
      let limit = next.isTurn ? 1 : min(runs[next.run.run].maximumGroup, Self.powerOfTwo(upTo: free))
      var size = 1
      while size < limit, next.run.cost / Double(size) > share { size *= 2 }
      groups.append((next.run.run, size, next.isTurn))
      free -= size
      promised.add(runs[next.run.run], ranks: size, isTurn: next.isTurn)
    }
    return groups
  }

  /// More ranks than runs: every run starts, and the groups that would take longest are doubled while ranks are left.
  private mutating func takeGrownGroups() -> [Group] {
    var sizes: [Int: Int] = [:]
    var growing: Heap<Waiting> = waiting
    var free = idle.count - waiting.count
    for run in waiting.unordered { sizes[run.run] = 1 }
    while free > 0, let slowest = growing.popMax(), let size = sizes[slowest.run] {
      guard 2 * size <= runs[slowest.run].maximumGroup, size <= free else { continue }
      sizes[slowest.run] = 2 * size
      free -= size
      growing.insert(Waiting(cost: slowest.cost / 2, run: slowest.run))
    }
    var groups: [Group] = []
    while let next = waiting.popMax() { groups.append((next.run, sizes[next.run] ?? 1, false)) }
    return groups
  }

  /// Next to the end of a session: only runs that still reach their own, the shortest first.
  private mutating func takeWhatEnds(_ time: Double) -> [Group] {
    var groups: [Group] = []
    var free = idle.count
    while let next = waiting.min {
      var group = 1
      if case .fixed(let size) = groupSize { group = self.size(size, of: next.run) }
      guard group <= free, model.seconds(next.cost) / Double(group) <= horizon.left(at: time) else { break }
      waiting.removeMin()
      groups.append((next.run, group, false))
      free -= group
    }
    return groups
  }

  private static func powerOfTwo(upTo limit: Int) -> Int {
    1 << (Int.bitWidth - 1 - max(1, limit).leadingZeroBitCount)
  }
}

/// What is being computed, as a sum that is kept up to date.
private struct Load {
  private var ranks = 0.0
  private var rankReferences = 0.0

  mutating func add(_ entry: Scheduler.UnderWay) {
    ranks += entry.size
    rankReferences += entry.size * entry.reference
  }

  mutating func remove(_ entry: Scheduler.UnderWay) {
    ranks -= entry.size
    rankReferences -= entry.size * entry.reference
  }

  /// Rank-seconds of work that nobody has reported yet.
  func rankSeconds(until time: Double) -> Double { ranks * time - rankReferences }
}
