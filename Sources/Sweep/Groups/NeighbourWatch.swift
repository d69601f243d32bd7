/// How a rank notices that its neighbour is dead.
///
/// The ranks of a node form a ring, and each looks after the next one that lives, so that however many die, what is left
/// of the ring finds all of them. A rank that is out of sight from the beginning is not watched.
struct NeighbourWatch {
  /// The others on the node, the next one first.
  private var ring: ArraySlice<RankPlace>

  /// Begins to watch, while all ranks live.
  init(_ places: RankPlaces, rank: Int) {
    let node = places.node(of: rank)
    let split = node.firstIndex { $0.rank > rank } ?? node.endIndex
    ring = (node[split...] + node[..<split]).filter { $0.rank != rank && $0.process.hasEnded == false }[...]
  }

  /// The ranks that were found to be dead since the last time.
  mutating func newlyDead() -> [Int] {
    var dead: [Int] = []
    while let next = ring.first, next.process.hasEnded == true {
      dead.append(next.rank)
      ring.removeFirst()
    }
    return dead
  }
}
