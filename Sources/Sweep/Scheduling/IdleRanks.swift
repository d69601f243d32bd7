import HeapModule

/// The ranks that have nothing to do, by the node they are on.
///
/// Ranks of one node sum faster and share data, so a group stands on one node where it can, and on the fullest where it
/// fits, which keeps the others whole.
struct IdleRanks: Sendable {
  private var ranks: [Heap<Int>]
  private let nodeOf: [Int: Int]
  private(set) var count = 0

  /// No idle ranks yet; ranks without a node are on the first.
  init(nodes nodeOf: [Int: Int]) {
    self.nodeOf = nodeOf
    ranks = Array(repeating: [], count: 1 + (nodeOf.values.max() ?? 0))
  }

  var isEmpty: Bool { count == 0 }

  mutating func insert(_ rank: Int) {
    ranks[nodeOf[rank, default: 0]].insert(rank)
    count += 1
  }

  /// Takes one rank out, if it is there.
  mutating func remove(_ rank: Int) {
    let node = nodeOf[rank, default: 0]
    let others = ranks[node].unordered.filter { $0 != rank }
    count -= ranks[node].count - others.count
    ranks[node] = Heap(others)
  }

  /// Takes so many ranks, at most `count`; ascending.
  mutating func take(_ size: Int) -> [Int] {
    count -= size
    if let node = ranks.indices.filter({ ranks[$0].count >= size }).min(by: {
      ranks[$0].count < ranks[$1].count
    }) {
      return (0..<size).map { _ in ranks[node].removeMin() }
    }
    var taken: [Int] = []
    for node in ranks.indices.sorted(by: { (ranks[$1].count, $0) < (ranks[$0].count, $1) }) {
      while taken.count < size, let rank = ranks[node].popMin() { taken.append(rank) }
    }
    return taken.sorted()
  }
}
