// Who runs what, as a pure state machine: events go in, actions come out. It knows neither MPI nor files nor the
// time, so it is tested on simulated time.
//
// Longest first. While runs are waiting for ranks, a run gets one rank, which wastes nothing; only a run that would
// outlast everybody else's share of the work gets more from the start. When ranks outnumber the waiting runs,
// groups grow in powers of two up to the number of blocks a run can share out. Since a run's bits do not depend on its
// group, nothing decided here can change a result.

import Datasets
public import Jobs
import HeapModule

/// Assigns runs to groups of ranks.
public struct Scheduler: Sendable {
  /// A run as the scheduler sees it.
  public struct Run: Hashable, Sendable {
    /// The estimated time on one rank, in any unit; greater than 0.
    public var cost: Double
    /// The most ranks that can share the run: a power of two.
    public var maximumGroup: Int

    /// Creates a run.
    public init(cost: Double, maximumGroup: Int) {
      precondition(cost > 0 && cost.isFinite, "A cost is a positive number.")
      precondition(maximumGroup.nonzeroBitCount == 1, "The size of a group is a power of two.")
      self.cost = cost
      self.maximumGroup = maximumGroup
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
    /// Before its end: the run waits again.
    case interrupted
  }

  /// What happened.
  public enum Event: Hashable, Sendable {
    /// The sweep begins: all ranks are free.
    case began
    /// A group has ended its assignment: all its ranks are free.
    case ended(assignment: Int, Ending)
    /// A rank is free: it has left an abandoned group, or is new.
    case ready(rank: Int)
    /// A rank is gone for good.
    case lost(rank: Int)
    /// The sweep is to stop: nothing is started any more.
    case draining
  }

  /// What is to be done.
  public enum Action: Hashable, Sendable {
    /// Start a run on a group.
    case start(Assignment)
    /// A group has lost a member: the ranks that remain leave the run, and report `ready` when they have.
    case abandon(Assignment, remaining: [Int])
    /// Nothing is under way, and nothing will be started any more. Comes once, last.
    case finish
  }

  /// A run that waits, ordered so that the largest is started next.
  private struct Waiting: Comparable, Sendable {
    var cost: Double
    var run: Int

    static func < (first: Waiting, second: Waiting) -> Bool {
      (first.cost, second.run) < (second.cost, first.run)
    }
  }

  private let runs: [Run]
  private let groupSize: RanksPerRun
  private var waiting: Heap<Waiting>
  private var underWay: [Int: Assignment] = [:]
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
  public init(runs: [Run], ranks: some Sequence<Int>, ranksPerRun: RanksPerRun = .auto) {
    if case .fixed(let size) = ranksPerRun {
      precondition(size > 0 && size.nonzeroBitCount == 1, "The size of a group is a power of two.")
    }
    self.runs = runs
    groupSize = ranksPerRun
    waiting = Heap(runs.indices.map { Waiting(cost: runs[$0].cost, run: $0) })
    alive = Set(ranks)
    unsettledCost = runs.reduce(0) { $0 + $1.cost }
  }

  /// Takes in an event and says what is to be done now.
  public mutating func handle(_ event: Event) -> [Action] {
    var actions: [Action] = []
    switch event {
    case .began: idle = Heap(alive)
    case .ended(let number, let ending): end(number, ending)
    case .ready(let rank): welcome(rank)
    case .lost(let rank): actions += lose(rank)
    case .draining: isDraining = true
    }
    actions += startRuns()
    if underWay.isEmpty, !isFinished, waiting.isEmpty || isDraining || alive.isEmpty {
      isFinished = true
      actions.append(.finish)
    }
    return actions
  }
}

// MARK: - Events

extension Scheduler {
  private mutating func end(_ number: Int, _ ending: Ending) {
    guard let assignment = underWay.removeValue(forKey: number) else { return }
    for rank in assignment.ranks { release(rank) }
    let cost = runs[assignment.run].cost
    switch ending {
    case .settled: unsettledCost -= cost
    case .interrupted: waiting.insert(Waiting(cost: cost, run: assignment.run))
    }
  }

  private mutating func release(_ rank: Int) {
    assignmentOfRank[rank] = nil
    idle.insert(rank)
  }

  private mutating func welcome(_ rank: Int) {
    alive.insert(rank)
    if assignmentOfRank[rank] == nil, !idle.unordered.contains(rank) { idle.insert(rank) }
  }

  private mutating func lose(_ rank: Int) -> [Action] {
    guard alive.remove(rank) != nil else { return [] }
    guard let number = assignmentOfRank.removeValue(forKey: rank),
      let assignment = underWay.removeValue(forKey: number)
    else {
      idle = Heap(idle.unordered.filter { $0 != rank })
      return []
    }
    waiting.insert(Waiting(cost: runs[assignment.run].cost, run: assignment.run))
    let remaining = assignment.ranks.filter { $0 != rank }
    for rank in remaining { assignmentOfRank[rank] = nil }
    return remaining.isEmpty ? [] : [.abandon(assignment, remaining: remaining)]
  }
}

// MARK: - Starting

extension Scheduler {
  private mutating func startRuns() -> [Action] {
    guard !isDraining, !waiting.isEmpty, !idle.isEmpty else { return [] }
    let groups =
      switch groupSize {
      case .fixed(let size): takeGroups(of: size)
      case .auto: waiting.count >= idle.count ? takeSmallGroups() : takeGrownGroups()
      }
    return groups.map { .start(assign($0.run, size: $0.size)) }
  }

  private mutating func assign(_ run: Int, size: Int) -> Assignment {
    let ranks = (0..<size).map { _ in idle.removeMin() }
    let assignment = Assignment(number: starts, run: run, ranks: ranks)
    starts += 1
    underWay[assignment.number] = assignment
    for rank in ranks { assignmentOfRank[rank] = assignment.number }
    return assignment
  }

  private typealias Group = (run: Int, size: Int)

  /// Groups of one fixed size, smaller only where a run or the world does not allow it.
  private mutating func takeGroups(of size: Int) -> [Group] {
    var groups: [Group] = []
    var free = idle.count
    while let next = waiting.max {
      let group = min(size, runs[next.run].maximumGroup, Self.powerOfTwo(upTo: alive.count))
      guard group <= free else { break }
      waiting.removeMax()
      groups.append((next.run, group))
      free -= group
    }
    return groups
  }

  /// More runs than ranks: one rank each, unless a run would take longer than a fair share of all the work.
  private mutating func takeSmallGroups() -> [Group] {
    let share = unsettledCost / Double(alive.count)
    var groups: [Group] = []
    var free = idle.count
    while free > 0, let next = waiting.popMax() {
      let limit = min(runs[next.run].maximumGroup, Self.powerOfTwo(upTo: free))
      var size = 1
      while size < limit, next.cost / Double(size) > share { size *= 2 }
      groups.append((next.run, size))
      free -= size
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
    while let next = waiting.popMax() { groups.append((next.run, sizes[next.run] ?? 1)) }
    return groups
  }

  private static func powerOfTwo(upTo limit: Int) -> Int {
    1 << (Int.bitWidth - 1 - max(1, limit).leadingZeroBitCount)
  }
}
