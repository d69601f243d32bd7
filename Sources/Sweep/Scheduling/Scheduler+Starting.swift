import HeapModule
import Jobs

extension Scheduler {
  /// A run that is to start on so many ranks.
  typealias Group = (run: Int, size: Int, isTurn: Bool)

  mutating func startRuns(_ time: Double) -> [Action] {
    guard !waiting.isEmpty, !idle.isEmpty else { return [] }
    if horizon.isClosing(at: time) { return start(takeWhatEnds(time), time) }
    let groups =
      switch groupSize {
      case .fixed(let size): takeGroups(of: size, time)
      case .auto: takeSmallGroups(time)
      }
    return start(groups, time)
  }

  mutating func start(_ groups: [Group], _ time: Double) -> [Action] {
    groups.map { .start(assign($0, time)) }
  }

  private mutating func assign(_ group: Group, _ time: Double) -> Assignment {
    let ranks = idle.take(group.size)
    let entry = enter(group.run, ranks, isTurn: group.isTurn, isInLine: false, time)
    takeUp(entry)
    return entry.assignment
  }

  /// The ranks of an assignment are at work on it from now on.
  mutating func takeUp(_ entry: UnderWay) {
    load.add(entry)
    turns.begin(entry, isFresh: runs[entry.assignment.run].isFresh)
    for rank in entry.assignment.ranks { assignmentOfRank[rank] = entry.assignment.number }
  }

  /// Makes an assignment.
  mutating func enter(_ run: Int, _ ranks: [Int], isTurn: Bool, isInLine: Bool, _ time: Double) -> UnderWay {
    let assignment = Assignment(number: starts, run: run, ranks: ranks)
    let entry = UnderWay(assignment, runs[run], isTurn: isTurn, isInLine: isInLine, at: time)
    starts += 1
    underWay[assignment.number] = entry
    return entry
  }

  /// The size of a group where that is fixed: smaller only where a run or the world does not allow it.
  func size(_ size: Int, of run: Int) -> Int {
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
      let limit = next.isTurn ? 1 : min(runs[next.run.run].maximumGroup, free)
      let size = TailPlan.size(of: next.run.cost, share: share, limit: limit)
      groups.append((next.run.run, size, next.isTurn))
      free -= size
      promised.add(runs[next.run.run], ranks: size, isTurn: next.isTurn)
    }
    return groups
  }

  /// Next to the end of a session: only runs that still reach their own, the shortest first.
  private mutating func takeWhatEnds(_ time: Double) -> [Group] {
    var groups: [Group] = []
    var free = idle.count
    while let next = waiting.min {
      var group = 1
      if case .fixed(let size) = groupSize { group = self.size(size, of: next.run) }
      let speed = model.speed(group, runs[next.run].kind)
      guard group <= free, model.seconds(next.cost) / speed <= horizon.left(at: time) else { break }
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
struct Load: Sendable {
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
