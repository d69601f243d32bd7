import Learning
import Testing

@testable import Datasets

@Suite struct CanonicalTreeTests {
  /// The sum as the definition states it.
  private func recursiveSum(_ terms: ArraySlice<Double>) -> Double {
    guard terms.count > 1 else { return terms.first ?? -0.0 }
    let middle = terms.startIndex + terms.count / 2
    return recursiveSum(terms[..<middle]) + recursiveSum(terms[middle...])
  }

  private func sum(_ terms: [Double], over range: Range<Int>) -> Double {
    var accumulators = [Double](repeating: -0.0, count: CanonicalTree.accumulators(for: range))
    for step in CanonicalTree.steps(for: range) {
      switch step {
      case .compute(let block, let target): accumulators[target] = terms[block]
      case .add(let source, let target): accumulators[target] += accumulators[source]
      }
    }
    return accumulators[0]
  }

  @Test(arguments: 0...40) func subtreesPartitionTheBlocks(count: Int) {
    for depth in 0...4 {
      let subtrees = CanonicalTree.subtrees(of: count, depth: depth)
      #expect(subtrees.count == 1 << depth)
      #expect(subtrees.flatMap { Array($0) } == Array(0..<count))
    }
  }

  @Test(arguments: 1...40) func blocksHoldAllExamples(size: Int) {
    for examples in 1...100 {
      let count = CanonicalTree.blockCount(of: examples, size: size)
      #expect((count - 1) * size < examples && examples <= count * size)
    }
    #expect(CanonicalTree.blockCount(of: size, size: .max) == 1)
  }

  @Test func subtreesSplitAtTheLowerMiddle() {
    #expect(CanonicalTree.subtrees(of: 5, depth: 2) == [0..<1, 1..<2, 2..<3, 3..<5])
    #expect(CanonicalTree.subtrees(of: 1, depth: 1) == [0..<0, 0..<1])
  }

  @Test(arguments: 1...40) func everyGroupSumsToTheSameBits(count: Int) {
    // Alternating magnitudes: any other order of summation rounds differently.
    let terms = (0..<count).map { 1 / Double(3 * $0 + 1) * ($0.isMultiple(of: 3) ? 1e9 : -1) }
    let expected = recursiveSum(terms[...])
    for depth in 0...4 {
      let partial = CanonicalTree.subtrees(of: count, depth: depth).map { sum(terms, over: $0) }
      let total = sum(partial, over: 0..<partial.count)
      #expect(total.bitPattern == expected.bitPattern, "depth \(depth)")
    }
  }
}
