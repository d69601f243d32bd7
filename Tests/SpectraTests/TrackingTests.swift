import LinearAlgebra
import Spectra
import Testing

/// Searches that want every eigenvalue above a limit.
@Suite struct TrackingTests {
  private let n = 40
  private let limit = 7.0

  /// Up to five eigenvalues rise above the limit and fall below it again.
  private func eigenvalues(_ s: Double) -> [Double] {
    let height: Double = 4 + 6 * (1 - abs(2 * s - 1))
    return (0..<n).map { (index: Int) -> Double in
      let i = Double(index)
      return index < 5 ? height - 0.7 * i : 3 / i
    }
  }

  private func matrix(_ s: Double) -> DenseOperator<Double> {
    let turned = randomMatrix(eigenvalues: eigenvalues(s), seed: 3)
    let other = randomMatrix(eigenvalues: (0..<n).map { 0.2 / Double($0 + 1) }, seed: 4)
    let sum = zip(turned, other).map { (x: Double, y: Double) -> Double in x + s * y }
    return DenseOperator(sum, dimension: n)
  }

  @Test(arguments: [3, 8], 1...10 as ClosedRange<UInt64>)
  func growsAndShrinksWithTheSpectrum(maximumCount: Int, seed: UInt64) throws {
    let method = BlockKrylov(count: 2, maximumCount: maximumCount, tolerance: 1e-4)
    var tracker = SpectrumTracker<Double>(method, coldInterval: nil)
    var counts: [Int] = []
    for point in 0...40 {
      let dense = matrix(Double(point) / 40)
      let pairs = try tracker.next(dense, above: limit, random: probe(seed, point))
      let exact: [Double] = try #require(SymmetricEigen(dense.matrix, dimension: n)).values.reversed()
      let (clearly, above) = (exact.count(where: { $0 > 1.001 * limit }), exact.count(where: { $0 > limit }))
      #expect(pairs.status == .converged)
      #expect(pairs.values.count >= min(max(2, clearly), maximumCount))
      #expect(pairs.values.count <= min(max(2, above), maximumCount))
      for (value, eigenvalue) in zip(pairs.values, exact) { #expect(abs(value - eigenvalue) < 1e-3) }
      counts.append(pairs.values.count)
    }
    #expect(counts.first == 2 && counts.last == 2)
    #expect(counts.max() == min(5, maximumCount))
  }

  /// A cold search finds all of them at once.
  @Test func coldSearchesFindAllAboveTheLimit() throws {
    let pairs = try BlockKrylov(count: 1, maximumCount: 10, tolerance: 1e-6).largestEigenpairs(
      of: matrix(0.5), above: limit, random: probe(1))
    #expect(pairs.values.count == 5)
    #expect(pairs.values.allSatisfy { $0 > limit } && pairs.status == .converged)
  }

  /// Residuals of one copy of an eigenvalue never show another one.
  @Test(arguments: [1, 2], 1...5 as ClosedRange<UInt64>)
  func coldSearchesFindMoreCopiesThanTheyStartWith(count: Int, seed: UInt64) throws {
    let diagonal: [Double] = [10, 10, 10] + (1...400).map { (index: Int) -> Double in 3 / Double(index) }
    let pairs = try BlockKrylov(count: count, maximumCount: 10, tolerance: 5e-3).largestEigenpairs(
      of: DiagonalOperator<Double>(diagonal), above: limit, random: probe(seed))
    #expect(pairs.status == .converged)
    #expect(pairs.values.count == 3)
    #expect(pairs.values.allSatisfy { abs($0 - 10) < 0.05 })
  }

  /// When the first pair has converged, the Ritz value of the second is still below the limit.
  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func findsWhatLiesJustAboveTheLimit(seed: UInt64) throws {
    let tail = (0..<200).map { (index: Int) -> Double in 6 / (1 + 0.1 * Double(index)) }
    let matrix = DiagonalOperator<Double>([20, 1.03 * limit] + tail)
    let pairs = try BlockKrylov(count: 1, maximumCount: 10).largestEigenpairs(
      of: matrix, above: limit, random: probe(seed))
    #expect(pairs.status == .converged)
    #expect(pairs.values.count == 2)
  }

  /// A search that ends before it knows of all above the limit does not claim to have converged.
  @Test func unsettledSearchesDoNotCountAsConverged() throws {
    let tail = (0..<200).map { (index: Int) -> Double in 6 / (1 + 0.1 * Double(index)) }
    let matrix = DiagonalOperator<Double>([20, 1.03 * limit] + tail)
    for maximumProducts in 1...30 {
      let pairs = try BlockKrylov(count: 1, maximumCount: 10, maximumProducts: maximumProducts)
        .largestEigenpairs(of: matrix, above: limit, random: probe(1))
      #expect(pairs.status != .converged || pairs.values.count == 2)
    }
  }

  /// A limit below the whole spectrum asks for everything there is.
  @Test func manyValuesAreBoundedByTheDimension() throws {
    let small = DenseOperator<Double>(randomMatrix(eigenvalues: [4, 3, 2, 1], seed: 1), dimension: 4)
    let pairs = try BlockKrylov(count: 1, maximumCount: 10).largestEigenpairs(
      of: small, above: 0, random: probe(1))
    #expect(pairs.values.count == 4)
    for (value, exact) in zip(pairs.values, [4.0, 3, 2, 1]) { #expect(abs(value - exact) < 1e-10) }
  }

  // MARK: - Locking

  /// A pair that has converged takes the one product that shows it, while the other grows.
  @Test func lockedPairsTakeNoFurtherProducts() throws {
    let tail = (0..<200).map { (index: Int) -> Double in 6 / (1 + 0.1 * Double(index)) }
    let diagonal: [Double] = [20, 10] + tail
    func unit(_ index: Int, roughness: Double) -> Vector<Double> {
      let vector = Vector<Double>(count: diagonal.count)
      probe(7, index).fillUniform(vector.all, in: -roughness..<roughness)
      vector[index] += 1
      return vector
    }
    func products(_ operator: DiagonalOperator<Double>, count: Int, from start: [Vector<Double>]) throws
      -> Int
    {
      try BlockKrylov(count: count, tolerance: 1e-6).largestEigenpairs(
        of: `operator`, startingFrom: WarmStart(start), scale: 20, random: probe(1)
      ).products
    }
    let whole = DiagonalOperator<Double>(diagonal)
    let second = unit(1, roughness: 0.05)
    second[0] = 0
    let locked = try products(whole, count: 2, from: [unit(0, roughness: 0), second])
    let both = try products(whole, count: 2, from: [unit(0, roughness: 0.05), second])
    let alone = try products(DiagonalOperator([0] + diagonal.dropFirst()), count: 1, from: [second])
    #expect(locked == alone + 1)
    #expect(locked < both)
  }
}
