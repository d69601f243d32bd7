// Longest first is best where everything ends in time, and starves short runs where it does not: with as many long runs
// as ranks nothing else is ever started, and the next session begins with the long ones again. So where the session
// is not sure to last for all of the work, a share of it belongs to the shortest runs: their turns come first, until the
// share is used up. Whoever does not know when the session ends counts on its lasting as long again as it has lasted,
// so that the share grows with it. The record is docs/decisions/0017-short-runs-have-a-share.md.

internal import HeapModule
internal import Jobs

/// The share of the shortest runs: what they had of it in this session.
struct Turns: Sendable {
  /// The part of a session that is theirs, and of its ranks, of which they always have one.
  static let share = 0.125

  /// Rank-seconds of turns that have ended.
  private var ended = 0.0
  private var sizes = 0.0
  private var starts = 0.0
  /// The cost of turns under way, as it was estimated when they began.
  private(set) var promised = 0.0
  private(set) var count = 0
  /// Whether a run that nobody had worked on was started in this session.
  private(set) var hasFresh = false
  /// The last period in which a run was asked to make room.
  var lastPause = -1

  mutating func begin(_ entry: Scheduler.UnderWay, isFresh: Bool) {
    hasFresh = hasFresh || isFresh
    guard entry.isTurn else { return }
    count += 1
    sizes += entry.size
    starts += entry.size * entry.start
    promised += entry.cost
  }

  mutating func end(_ entry: Scheduler.UnderWay, at time: Double) {
    guard entry.isTurn else { return }
    count -= 1
    ended += entry.size * (time - entry.start)
    sizes -= entry.size
    starts -= entry.size * entry.start
    promised -= entry.cost
  }

  /// Takes the costs of those under way for what they are thought to be now.
  mutating func promise(_ entries: some Sequence<Scheduler.UnderWay>) {
    promised = entries.reduce(0) { $0 + ($1.isTurn ? $1.cost : 0) }
  }

  /// Rank-seconds that turns took so far.
  func spent(at time: Double) -> Double { ended + sizes * time - starts }

  /// Rank-seconds that turns will have taken when those under way, and others of that cost, have ended.
  func committed(at time: Double, _ model: CostModel, others cost: Double = 0) -> Double {
    max(spent(at: time), ended + model.seconds(promised)) + model.seconds(cost)
  }

  /// The ranks that turns occupy.
  var ranks: Double { sizes }
}

/// The runs that are about to start.
struct Promise {
  /// The cost of the turns among them, and the ranks that these occupy.
  private(set) var cost = 0.0, ranks = 0.0
  /// Whether there is a run among them that nobody had worked on.
  private(set) var hasFresh = false

  mutating func add(_ run: Scheduler.Run, ranks: Int, isTurn: Bool) {
    hasFresh = hasFresh || run.isFresh
    guard isTurn else { return }
    cost += run.cost
    self.ranks += Double(ranks)
  }
}

extension Scheduler {
  /// Whether not all of the work is sure to be done in this session.
  func isThreatened(_ time: Double) -> Bool { remaining(at: time) > horizon.end(at: time) - time }

  /// Rank-seconds of this session that belong to the shortest runs.
  private func budget(_ time: Double) -> Double {
    Turns.share * Double(rankCount) * horizon.end(at: time)
  }

  /// Takes the run that is to start next out of those that wait.
  ///
  /// - Parameters:
  ///   - time: now.
  ///   - promised: those that are about to start at the same time.
  ///   - isLast: whether there is room for one more only.
  /// - Returns: the run, and whether it has a turn of the share; nil where none waits.
  mutating func takeNext(
    _ time: Double, _ promised: Promise, isLast: Bool
  ) -> (run: Waiting, isTurn: Bool)? {
    if isThreatened(time), let turn = nextTurn(time, promised, isLast: isLast) {
      take(turn)
      return (turn, true)
    }
    return waiting.popMax().map { ($0, false) }
  }

  /// Whose turn it is within the share: the shortest run if it fits; if none does, and all that was started in this
  /// session goes on from earlier ones, a run that nobody has worked on, so that it gets as far as the share goes.
  private func nextTurn(_ time: Double, _ promised: Promise, isLast: Bool) -> Waiting? {
    let left = budget(time) - turns.committed(at: time, model, others: promised.cost)
    guard left > 0, turns.ranks + promised.ranks < max(1, Turns.share * Double(rankCount)),
      let shortest = waiting.min
    else { return nil }
    if model.seconds(shortest.cost) <= min(left, horizon.end(at: time) - time) { return shortest }
    guard isLast, !turns.hasFresh, !promised.hasFresh else { return nil }
    return waiting.unordered.filter { runs[$0.run].isFresh }.min()
  }

  /// Starts those whose turn it is; a plan says what becomes of the other ranks.
  mutating func startTurns(_ time: Double) -> [Action] {
    guard regrouping.targets.isEmpty, isThreatened(time) else { return [] }
    var actions: [Action] = []
    while !idle.isEmpty, let turn = nextTurn(time, Promise(), isLast: true) {
      take(turn)
      actions += start([(turn.run, 1, true)], time)
    }
    return actions
  }

  private mutating func take(_ chosen: Waiting) {
    if chosen == waiting.min {
      waiting.removeMin()
    } else {
      waiting = Heap(waiting.unordered.filter { $0.run != chosen.run })
    }
  }

  /// Has a long run saved where it keeps the shortest ones from their share, and a turn where the share is used up.
  mutating func makeRoom(_ time: Double) -> [Action] {
    guard isThreatened(time), !horizon.isClosing(at: time), let longest = waiting.max else { return [] }
    if turns.count > 0, turns.spent(at: time) >= budget(time) {
      return pause(
        underWay.values.filter { $0.isTurn && 2 * $0.left < longest.cost && isLong($0, time) }, time)
    }
    let period = horizon.period(at: time)
    guard idleCount == 0, turns.lastPause < period, let turn = nextTurn(time, Promise(), isLast: true),
      let victim = leastLeft(above: 2 * turn.cost, time)
    else { return [] }
    turns.lastPause = period
    return pause([victim], time)
  }

  /// The assignment that would be over first in the largest of its groups, among those that have more left than `cost`:
  /// what it misses now is made up for most easily.
  private func leastLeft(above cost: Double, _ time: Double) -> UnderWay? {
    func least(_ entry: UnderWay) -> Double {
      entry.left / Double(runs[entry.assignment.run].maximumGroup)
    }
    return underWay.values.filter { !$0.isTurn && !$0.isPausing && $0.left > cost && isLong($0, time) }
      .min { (least($0), $0.assignment.number) < (least($1), $1.assignment.number) }
  }

  /// Whether saving and resuming an assignment is little beside what it has done and has still to do.
  private func isLong(_ entry: UnderWay, _ time: Double) -> Bool {
    !entry.isInLine && min(time - entry.start, seconds(left: entry, time)) >= horizon.minimumTurn
  }

  /// When time alone will next change what is to be done; nil where it will not.
  func nextMoment(after time: Double) -> Double? {
    guard !underWay.isEmpty else { return nil }
    var moments = [horizon.nextPeriod(after: time)]
    if turns.ranks > 0 { moments.append(time + (budget(time) - turns.spent(at: time)) / turns.ranks) }
    if !idle.isEmpty, groupSize == .auto { moments.append(regrouping.next) }
    if !lines.isEmpty { moments.append(time + 0.1) }
    return moments.filter { $0 > time }.min()
  }
}
