import LinearAlgebra

/// The blocks of one batch that a rank computes, and the order in which it adds them up.
struct LocalBlocks {
  /// The number of examples of the whole batch, over all ranks.
  let examples: Int
  /// Which examples of the batch make up each block of this rank; the last block of the batch may be smaller.
  let ranges: [Range<Int>]
  /// How they are added up; blocks are counted from this rank's first.
  let steps: [CanonicalTree.Step]
  /// The number of accumulators that takes.
  let accumulators: Int

  init(examples: Int, blockSize: Int, group: any GroupReduction) {
    precondition(group.size.nonzeroBitCount == 1, "The number of ranks of a group is a power of two.")
    let blocks = CanonicalTree.blockCount(of: examples, size: blockSize)
    let subtree = CanonicalTree.subtrees(of: blocks, depth: group.size.trailingZeroBitCount)[group.rank]
    self.examples = examples
    ranges = subtree.map { $0 * blockSize..<min(($0 + 1) * blockSize, examples) }
    steps = CanonicalTree.steps(for: 0..<subtree.count)
    accumulators = CanonicalTree.accumulators(for: subtree)
  }

  /// The accumulator that each block is computed into.
  var destinations: [Int] {
    steps.compactMap { step in
      if case .compute(_, let target) = step { target } else { nil }
    }
  }

  /// Leaves the sum over all blocks of all ranks in accumulator 0.
  ///
  /// - Throws: `GroupLeaving` on every member where one of them wishes to leave; what the group throws.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func sum<Scalar: RealScalar>(
    in accumulators: [Vector<Scalar>], over group: any GroupReduction, compute: (_ block: Int) -> Void
  ) throws {
    // An empty subtree contributes -0, which changes no bit of what it is added to.
    if ranges.isEmpty { accumulators[0].fill(-0.0) }
    for step in steps {
      switch step {
      case .compute(let block, _):
        compute(block)
        try group.heartbeat()
      case .add(let source, let target): accumulators[target].add(accumulators[source])
      }
    }
    let sum = accumulators[0]
    sum[.leave] = group.wishesToLeave ? 1 : 0
    try group.sum(sum)
    if sum[.leave] > 0 { throw GroupLeaving() }
  }
}
