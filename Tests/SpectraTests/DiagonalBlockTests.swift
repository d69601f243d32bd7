import Conformance
import LinearAlgebra
import Spectra
import Testing

@Suite struct DiagonalBlockTests {
  /// Two blocks in turn: neither may see what the other left in the shared scratch.
  @Test func productsAreThoseOfTheBlock() throws {
    let n = 7
    let dense = randomMatrix(eigenvalues: (0..<n).map { Double($0) - 2 }, seed: 3)
    let whole = DenseOperator<Double>(dense, dimension: n)
    let scratch = DiagonalBlock<Double>.Scratch(dimension: n)
    for range in [0..<3, 3..<7, 1..<2, 0..<7] {
      let block = DiagonalBlock(whole, range, scratch: scratch)
      let (x, y) = (Vector<Double>(count: range.count), Vector<Double>(count: range.count))
      Philox(seed: 6, stream: .data).fillNormal(x.all)
      #expect(try OperatorConformance.faults(of: block, tolerance: 1e-13) == [])
      try block.apply(x, into: y)
      for (i, row) in range.enumerated() {
        let exact = range.enumerated().reduce(0) { $0 + dense[row * n + $1.element] * x[$1.offset] }
        #expect(abs(y[i] - exact) < 1e-13)
      }
    }
  }

  @Test func theNegatedOperatorIsSymmetricToo() throws {
    let dense = DenseOperator<Float>(randomMatrix(eigenvalues: [-3, -1, 0, 2, 5], seed: 4), dimension: 5)
    #expect(try OperatorConformance.faults(of: NegatedOperator(dense), tolerance: 1e-6) == [])
  }
}
