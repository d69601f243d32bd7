extension TailPlan {
  /// How many plans of a single run are looked at in an instant; of many runs fewer, since playing them to their end takes
  /// longer.
  private static let effort = 20_000
  /// More plans than this are no better.
  private static let enough = 60

  /// The best sizes of the groups from now on, as far as the time for looking allows: where there are many runs, or little
  /// is left of them, what the rule says.
  func best(_ items: [Item]) -> [Item] {
    let fewest = min(Double(Self.enough), 20 * items.reduce(0) { $0 + $1.left } / Double(ranks))
    var search = Search(plan: self, budget: min(Int(fewest), Self.effort / max(items.count * items.count, 1)))
    guard search.budget > 0 else { return filled(items) }
    for order in Order.allCases { search.consider(filled(items, order)) }
    while search.budget > 0, search.improve(items) {}
    return search.choice
  }

  /// The sizes that a group can have.
  private func sizes(_ item: Item) -> [Int] {
    if item.isFixed { return [item.size] }
    return [0] + sequence(first: 1) { 2 * $0 }.prefix { $0 <= min(item.maximum, ranks) }
  }

  private struct Search {
    let plan: TailPlan
    var budget: Int
    var choice: [Item] = []
    var seconds = Double.infinity

    mutating func consider(_ candidate: [Item]) {
      let end = Order.allCases.map { plan.end(candidate, $0) }.min() ?? .infinity
      guard choice.isEmpty || end < seconds * (1 - 1e-9) else { return }
      (choice, seconds) = (candidate, end)
    }

    /// Looks at what differs from the choice in the groups of one or two runs; returns whether one is better.
    mutating func improve(_ items: [Item]) -> Bool {
      let (before, least) = (choice, seconds)
      for change in changes(of: before, items) {
        var candidate = before
        for (index, size) in change { candidate[index] = items[index].resized(to: size) }
        guard candidate.reduce(0, { $0 + $1.size }) <= plan.ranks else { continue }
        consider(candidate)
        budget -= 1
        if budget <= 0 { break }
      }
      return seconds < least
    }

    /// Other sizes of one or two groups, as indices and sizes.
    private func changes(of before: [Item], _ items: [Item]) -> some Sequence<[(Int, Int)]> {
      let plan = plan
      func others(_ index: Int) -> [(Int, Int)] {
        plan.sizes(items[index]).filter { $0 != before[index].size }.map { (index, $0) }
      }
      return before.indices.lazy.flatMap(others).flatMap { first in
        before.indices[first.0...].lazy.flatMap { second in
          second == first.0 ? [[first]] : others(second).map { [first, $0] }
        }
      }
    }
  }
}
