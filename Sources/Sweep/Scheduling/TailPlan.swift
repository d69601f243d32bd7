// Towards the end of a sweep ranks outnumber the runs that are left, and every choice counts: who starts, on how many ranks,
// whose group grows. A plan says the size of every group from now on. It is judged by playing the rest of the sweep to its
// end by a simple rule, and the best of the plans near that rule's own is taken. The record is
// docs/decisions/0021-groups-that-grow.md.

import HeapModule

/// The runs that have not ended, and the ranks that they share from now on.
struct TailPlan: Sendable {
  /// A run that has not ended.
  struct Item: Sendable {
    let run: Int
    /// The seconds that one rank would still need.
    private(set) var left: Double
    /// The most ranks that can share it.
    let maximum: Int
    /// How much faster it is on twice as many.
    let gain: Double
    /// Seconds of its group that it costs to change it.
    let restart: Double
    /// Whether its group has to stay as it is.
    let isFixed: Bool
    /// The ranks that share it, a power of two; 0 while it waits.
    private(set) var size = 0
    private var speed = 0.0
    /// Seconds until it is under way.
    private var delay = 0.0
    private var isFresh: Bool

    /// A run that is under way on `size` ranks, or waits where that is 0; a fresh one starts at no cost.
    init(
      run: Int, left: Double, size: Int, maximum: Int, gain: Double, restart: Double, isFresh: Bool,
      isFixed: Bool
    ) {
      (self.run, self.left, self.maximum, self.gain) = (run, left, maximum, gain)
      (self.restart, self.isFresh, self.isFixed) = (restart, isFresh && size == 0, isFixed)
      setSize(size)
    }

    /// Seconds until it ends.
    var finish: Double { delay + left / speed }

    /// The same run on another number of ranks from now on.
    func resized(to size: Int) -> Item {
      guard size != self.size else { return self }
      var item = self
      item.setSize(size)
      if size > 0 { (item.delay, item.isFresh) = (isFresh ? 0 : restart, false) }
      return item
    }

    private mutating func setSize(_ size: Int) {
      self.size = size
      speed = size > 0 ? 1 : 0
      for _ in 0..<max(size, 1).trailingZeroBitCount { speed *= gain }
    }

    mutating func pass(_ seconds: Double) {
      let idle = min(delay, seconds)
      delay -= idle
      left = max(0, left - (seconds - idle) * speed)
    }
  }

  /// Who of those that wait starts first, and on how many ranks.
  enum Order: CaseIterable {
    /// The longest, on one rank each while there are more runs than ranks, but for those that would outlast all others.
    case fair
    /// Those that take longest on as many ranks as can share them, and on so many.
    case longFirst
    /// Those that take least on as many ranks as can share them, and on so many.
    case shortFirst
  }

  /// How many ranks there are.
  let ranks: Int

  /// The size of a run's group from the start: one rank unless it would take longer than a fair share of all the work.
  static func size(of work: Double, share: Double, limit: Int) -> Int {
    var size = 1
    while 2 * size <= limit, work / Double(size) > share { size *= 2 }
    return size
  }

  /// Gives idle ranks to those that wait, and then to the runs that would take longest.
  func filled(_ start: [Item], _ order: Order = .fair) -> [Item] {
    var items = start
    var free = ranks - items.reduce(0) { $0 + $1.size }
    guard free > 0 else { return items }
    let waiting = inOrder(items, order)
    let isCrowded = order == .fair && waiting.count >= free
    let share = isCrowded ? items.reduce(0) { $0 + $1.left } / Double(ranks) : order == .fair ? .infinity : 0
    for index in waiting where free > 0 {
      let size = Self.size(of: items[index].left, share: share, limit: min(items[index].maximum, free))
      items[index] = items[index].resized(to: size)
      free -= size
    }
    if free > 0 { grow(&items, from: start, free) }
    return items
  }

  private func inOrder(_ items: [Item], _ order: Order) -> [Int] {
    let waiting = items.indices.filter { items[$0].size == 0 }.map { index in
      let least = items[index].left / Double(min(items[index].maximum, ranks))
      return switch order {
      case .fair: Weight(seconds: items[index].left, index: index)
      case .longFirst: Weight(seconds: least, index: index)
      case .shortFirst: Weight(seconds: -least, index: index)
      }
    }
    return waiting.sorted(by: >).map(\.index)
  }

  /// Doubles the group that takes longest while ranks are left and it pays.
  ///
  /// A run that is under way has to be saved for it;
  /// that is no use where one that cannot be shared any further takes longer.
  private func grow(_ items: inout [Item], from start: [Item], _ free: Int) {
    var free = free
    var growing = Heap(
      items.indices.filter { !items[$0].isFixed }.map { Weight(seconds: items[$0].finish, index: $0) })
    var end = 0.0
    while free > 0, let slowest = growing.popMax() {
      let item = items[slowest.index]
      if 2 * item.size > item.maximum { end = max(end, item.finish) }
      let isStarting = start[slowest.index].size == 0
      guard 2 * item.size <= item.maximum, item.size <= free, isStarting || item.finish > end else {
        continue
      }
      let grown = start[slowest.index].resized(to: 2 * item.size)
      let isChanged = item.size != start[slowest.index].size
      guard grown.finish < item.finish - (isStarting || isChanged ? 0 : item.restart) else { continue }
      free -= item.size
      items[slowest.index] = grown
      growing.insert(Weight(seconds: grown.finish, index: slowest.index))
    }
  }

  /// Seconds until all has ended, if idle ranks are given away in some order from now on.
  func end(_ start: [Item], _ order: Order) -> Double {
    var items = start
    var time = 0.0
    while !items.isEmpty {
      let step = items.reduce(Double.infinity) { $1.size > 0 ? min($0, $1.finish) : $0 }
      guard step < .infinity else { return step }
      time += step
      for index in items.indices where items[index].size > 0 { items[index].pass(step) }
      items.removeAll { $0.size > 0 && $0.left <= 1e-9 * time }
      items = filled(items, order)
    }
    return time
  }

  private struct Weight: Comparable {
    let seconds: Double
    let index: Int

    static func < (first: Weight, second: Weight) -> Bool {
      (first.seconds, second.index) < (second.seconds, first.index)
    }
  }
}
