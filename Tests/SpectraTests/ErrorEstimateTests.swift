import LinearAlgebra
import Spectra
import Testing

@Suite struct ErrorEstimateTests {
  /// On spectra with gaps, the estimate bounds the error of every value, and is far below the residual.
  @Test(arguments: 1...8 as ClosedRange<UInt64>, [1e-2, 1e-3])
  func boundsTheError(seed: UInt64, tolerance: Double) throws {
    let random = probe(seed)
    let eigenvalues = (0..<40).map { (index: Int) -> Double in
      let level: Double = index < 6 ? 10 - 1.5 * Double(index) : 0
      return level + 0.4 * random.uniform(UInt64(index))
    }
    let dense = DenseOperator<Double>(randomMatrix(eigenvalues: eigenvalues, seed: seed), dimension: 40)
    let method = BlockKrylov(count: 4, tolerance: tolerance)
    let pairs = try method.largestEigenpairs(of: dense, random: probe(seed, 1))
    let exact = eigenvalues.sorted(by: >)
    for index in pairs.values.indices {
      #expect(abs(pairs.values[index] - exact[index]) <= pairs.errors[index] + 1e-13)
      #expect(pairs.errors[index] <= pairs.residuals[index])
    }
    #expect(pairs.errors[0] < 0.5 * pairs.residuals[0])
  }

  /// Where two values are closer than their residuals, the residual is all that is known.
  @Test func fallsBackToTheResidualInACluster() throws {
    let tail = (1...30).map { (index: Int) -> Double in 1 / Double(index) }
    let matrix = randomMatrix(eigenvalues: [5, 5 - 1e-9] + tail, seed: 4)
    let dense = DenseOperator<Double>(matrix, dimension: 32)
    let pairs = try BlockKrylov(count: 2, tolerance: 1e-3).largestEigenpairs(of: dense, random: probe(1))
    #expect(pairs.residuals[0] > 1e-8)
    #expect(pairs.errors == pairs.residuals)
  }

  /// Residuals lead a warm search into the bulk of the spectrum, past an eigenvalue right below the last wanted one.
  ///
  /// The guard knows of it, though it was not tried.
  @Test func doesNotTrustGapsThatTheGuardContradicts() throws {
    let diagonal: [Double] = [20, 10, 9.98] + (1...100).map { (index: Int) -> Double in 1 / Double(index) }
    func vector(_ top: [Double]) -> Vector<Double> {
      Vector(diagonal.indices.map { $0 < 3 ? top[$0] : 0.01 * probe(6).uniform(UInt64($0)) })
    }
    var start = WarmStart([vector([1, 0, 0]), vector([0, 0.7, 0.7])])
    start.guardVector = Vector([0, 1, -1] + Array(repeating: 0, count: 100))
    start.guardValue = 9.99
    let pairs = try BlockKrylov(count: 2).largestEigenpairs(
      of: DiagonalOperator<Double>(diagonal), startingFrom: start, random: probe(1))
    #expect(pairs.start?.searchesWithoutGuard == 1)
    for (value, error) in zip(pairs.values, pairs.errors) {
      let distance = diagonal.map { abs($0 - value) }.min() ?? .infinity
      #expect(distance <= error)
    }
    #expect(pairs.errors[1] == pairs.residuals[1] && pairs.errors[0] < pairs.residuals[0])
  }

  /// In a complete space the gap below the last value is known, though no Ritz value lies below it.
  @Test func completeSpacesLeaveNothingUnknown() throws {
    let pairs = try BlockKrylov(count: 3, tolerance: 1e-3).largestEigenpairs(
      of: DenseOperator<Double>(randomMatrix(eigenvalues: [3, 2, 1], seed: 2), dimension: 3), random: probe(1)
    )
    #expect(pairs.errors.allSatisfy { $0 < 1e-20 })
  }
}
