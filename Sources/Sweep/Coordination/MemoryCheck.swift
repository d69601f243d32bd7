import Console
import NodeMemory
package import Problems
package import Training

/// Whether the runs of a session fit into the memory of its nodes.
package struct MemoryCheck {
  private let need: PlanMemory
  private let places: RankPlaces
  /// How many runs there are.
  private let count: Int

  /// Names what is needed by so many runs, and where.
  package init(_ need: PlanMemory, runs count: Int, on places: RankPlaces) {
    (self.need, self.count, self.places) = (need, count, places)
  }

  /// From this part of what there is on, a word is said.
  private static let tight = 0.7

  /// Notes on nodes where memory may become short.
  ///
  /// - Throws: A problem where the weights, the optimizers and the data alone do not fit, or not with what is kept.
  package func notes() throws(Problem) -> [String] {
    let workers = SweepSession.workers(of: places.all.count)
    var notes: [String] = []
    for (node, ranks) in Dictionary(grouping: workers, by: { places.node(of: $0)[0].rank }) {
      guard let bound = places.all[node].memory?.bound else { continue }
      let host = places.all[node].host
      // Fewer runs than ranks may all be elsewhere.
      let busy = count >= workers.count ? ranks.count : 1
      let least = need.least(ranks: busy)
      guard least <= bound.bytes else { throw problem(host, least, busy, bound) }
      let kept = need.kept(ranks: busy)
      guard least + kept <= bound.bytes else { throw keeping(host, kept, busy, bound) }
      let expected = need.expected(ranks: ranks.count)
      if Double(expected) > Self.tight * Double(bound.bytes), notes.count < 3 {
        notes.append(
          "\(host): about \(Format.bytes(expected)) of memory will be needed by \(Format.plural(ranks.count, "rank")), and "
            + "\(Format.bytes(bound.bytes)) are \(bound.reason)")
      }
    }
    try checkAddressSpace()
    return notes
  }

  private func problem(
    _ host: String, _ least: Int, _ ranks: Int, _ bound: (bytes: Int, reason: String)
  ) -> Problem {
    Problem(
      host,
      "weights, optimizers and data of \(Format.plural(ranks, "rank")) take at least \(Format.bytes(least)) of memory, but "
        + "\(Format.bytes(bound.bytes)) are \(bound.reason)",
      remedy: "start fewer ranks on a node, ask for more memory, or make the network or the data smaller")
  }

  private func keeping(
    _ host: String, _ kept: Int, _ ranks: Int, _ bound: (bytes: Int, reason: String)
  ) -> Problem {
    Problem(
      host,
      "weights kept along the way, and sketches, of \(Format.plural(ranks, "rank")) take \(Format.bytes(kept)) of memory, but "
        + "\(Format.bytes(bound.bytes)) are \(bound.reason)",
      remedy:
        "keep fewer: a larger n in keep_weights: {every: n}, a larger measure.every where there is measure.sketch, or "
        + "fewer stop.steps")
  }

  /// A limit on one process cannot be shared with others.
  private func checkAddressSpace() throws(Problem) {
    let least = need.least(ranks: 1)
    for place in places.all {
      guard let limit = place.memory?.addressSpace, limit < least else { continue }
      throw Problem(
        place.host,
        "weights, optimizer and data take at least \(Format.bytes(least)) of memory, but a process may have "
          + "\(Format.bytes(limit)) (ulimit -v)",
        remedy: "raise the limit, or make the network or the data smaller")
    }
  }
}
