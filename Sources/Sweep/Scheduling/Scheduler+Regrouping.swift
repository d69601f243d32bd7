import HeapModule
import Jobs

/// What the plan of the end of a sweep still waits for.
struct Regrouping: Sendable {
  /// The sizes that runs are to have, by their index, once others have left the ranks for them.
  var targets: [Int: Int] = [:]
  /// The ranks that the last plan had no use for.
  var idle = 0
  /// When another plan is made though nobody has become idle.
  var next = 0.0
}

extension Scheduler {
  /// More runs than this, or than this for every rank, are best started longest first.
  private static let plannedRuns = (in: 32, perRank: 2)
  /// Groups are planned anew when this part of those under way has ended, or after this part of the session.
  private static let patience = 64

  /// Whether a plan says who starts: where ranks outnumber the runs that wait, or where few runs are left.
  func isPlanned(_ time: Double) -> Bool {
    guard groupSize == .auto, !horizon.isClosing(at: time) else { return false }
    if waiting.count < idle.count || !regrouping.targets.isEmpty { return true }
    return waiting.count + underWay.count <= min(Self.plannedRuns.in, Self.plannedRuns.perRank * alive.count)
  }

  /// Starts and saves runs as the best plan says.
  ///
  /// - Parameters:
  ///   - time: now.
  ///   - isNews: whether a rank or a run has changed its state.
  /// - Returns: what is to be done.
  mutating func changeGroups(_ time: Double, isNews: Bool) -> [Action] {
    let actions = startTargets(time)
    guard regrouping.targets.isEmpty, !idle.isEmpty else { return actions }
    let isDue =
      isNews && (!waiting.isEmpty || idle.count > regrouping.idle + underWay.count / Self.patience)
      || time >= regrouping.next
    guard isDue else { return actions }
    let started = carryOut(plan(time), time)
    regrouping.idle = idle.count
    regrouping.next = time + max(1, time / Double(Self.patience))
    return actions + started
  }

  /// The sizes that the groups of all runs are to have.
  private func plan(_ time: Double) -> [TailPlan.Item] {
    let isCut = horizon.deadline != nil && isThreatened(time)
    let mayChange =
      (waiting.isEmpty || !isCut) && horizon.left(at: time) > 2 * model.restart
      && !underWay.values.contains(where: \.isPausing)
    let works = begun
    let items = waiting.unordered.map { item($0.run) } + works.map { item($0, time, mayChange) }
    let plan = TailPlan(ranks: idle.count + works.reduce(0) { $0 + $1.assignment.ranks.count })
    let inOrder = items.sorted { $0.run < $1.run }
    return mayChange ? plan.best(inOrder) : plan.filled(inOrder)
  }

  private var begun: [UnderWay] { underWay.values.filter { !$0.isInLine } }

  private func item(_ run: Int) -> TailPlan.Item {
    let (run, index) = (runs[run], run)
    return TailPlan.Item(
      run: index, left: model.seconds(run.cost), size: 0, maximum: run.maximumGroup,
      gain: model.gain(run.kind),
      restart: model.restart, isFresh: run.isFresh, isFixed: false)
  }

  private func item(_ entry: UnderWay, _ time: Double, _ mayChange: Bool) -> TailPlan.Item {
    // What should have ended long ago is nearly done, as far as anybody knows.
    let left = max(seconds(left: entry, time), 0.05 * (time - entry.start)) * speed(entry)
    let run = entry.assignment.run
    return TailPlan.Item(
      run: run, left: left, size: entry.assignment.ranks.count, maximum: runs[run].maximumGroup,
      gain: model.gain(entry.kind), restart: model.restart, isFresh: false,
      isFixed: !mayChange || time - entry.start < model.restart || entry.isTurn && !waiting.isEmpty)
  }

  private mutating func carryOut(_ plan: [TailPlan.Item], _ time: Double) -> [Action] {
    let sizes = Dictionary(uniqueKeysWithValues: plan.map { ($0.run, $0.size) })
    let changed = begun.filter { sizes[$0.assignment.run] != $0.assignment.ranks.count }
    for run in waiting.unordered.map(\.run) + changed.map(\.assignment.run) where sizes[run] != 0 {
      regrouping.targets[run] = sizes[run]
    }
    return pause(changed, time) + startTargets(time)
  }

  /// Starts the runs whose ranks have become idle, the longest first.
  private mutating func startTargets(_ time: Double) -> [Action] {
    guard !regrouping.targets.isEmpty else { return [] }
    var groups: [Group] = []
    var free = idle.count
    for next in waiting.unordered.sorted(by: >) {
      guard let size = regrouping.targets[next.run], size <= free else { continue }
      regrouping.targets[next.run] = nil
      groups.append((next.run, size, false))
      free -= size
    }
    if !groups.isEmpty {
      let started = Set(groups.map(\.run))
      waiting = Heap(waiting.unordered.filter { !started.contains($0.run) })
    }
    if !underWay.values.contains(where: \.isPausing) { regrouping.targets = [:] }
    return start(groups, time)
  }
}
