/// The one order in which sums over blocks are taken.
///
/// The range [0, B) is split at floor(B / 2), recursively, down to single blocks; siblings are added. A group of 2^k
/// ranks takes the 2^k subtrees at depth k and then adds siblings, so the sum has the same bits for every group.
public enum CanonicalTree {
  /// One step of summing a subtree with a few accumulators.
  public enum Step: Hashable, Sendable {
    /// Computes a block into an accumulator.
    case compute(block: Int, into: Int)
    /// Adds an accumulator to another.
    case add(_ accumulator: Int, to: Int)
  }

  /// How many blocks of a size a number of examples, 1 or more, makes; the last one may be smaller.
  public static func blockCount(of examples: Int, size: Int) -> Int { (examples - 1) / size + 1 }

  /// The two halves of a range of blocks; the first one is never the longer.
  public static func halves(of range: Range<Int>) -> (Range<Int>, Range<Int>) {
    let middle = range.lowerBound + range.count / 2
    return (range.lowerBound..<middle, middle..<range.upperBound)
  }

  /// The `2^depth` subtrees of [0, count) at a depth, from left to right; some are empty when there are more subtrees
  /// than blocks.
  public static func subtrees(of count: Int, depth: Int) -> [Range<Int>] {
    (0..<depth).reduce([0..<count]) { ranges, _ in
      ranges.flatMap { range in
        let (left, right) = halves(of: range)
        return [left, right]
      }
    }
  }

  /// The steps that leave the sum of a subtree in accumulator 0 of `accumulators(for:)`.
  public static func steps(for range: Range<Int>) -> [Step] { steps(for: range, into: 0) }

  /// The number of accumulators that `steps(for:)` uses: one more than the height of the subtree.
  public static func accumulators(for range: Range<Int>) -> Int {
    range.count <= 1 ? 1 : 1 + accumulators(for: halves(of: range).1)
  }

  private static func steps(for range: Range<Int>, into target: Int) -> [Step] {
    guard range.count > 1 else { return range.map { .compute(block: $0, into: target) } }
    let (left, right) = halves(of: range)
    return steps(for: left, into: target) + steps(for: right, into: target + 1) + [
      .add(target + 1, to: target)
    ]
  }
}
