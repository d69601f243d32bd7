import LinearAlgebra
import Spectra
import Testing

@Suite struct SpectrumTrackerTests {
  /// A symmetric matrix that turns along a path.
  private func matrix(_ point: Int) -> DenseOperator<Float> {
    let spectrum = (1...30).map { 10 / Double($0) }
    let (a, b) = (randomMatrix(eigenvalues: spectrum, seed: 1), randomMatrix(eigenvalues: spectrum, seed: 2))
    let s = 0.02 * Double(point)
    let mixed = zip(a, b).map { (x: Double, y: Double) -> Double in (1 - s) * x + s * y }
    return DenseOperator(mixed, dimension: 30)
  }

  private func follow(_ tracker: inout SpectrumTracker<Float>, _ points: Range<Int>) throws -> [[Double]] {
    try points.map { point -> [Double] in
      let pairs = try tracker.next(matrix(point), above: 4, random: probe(3, point))
      let vectors: [Double] = pairs.vectors.flatMap { $0.array.map(Double.init) }
      let numbers: [[Double]] = [
        pairs.values, pairs.residuals, pairs.errors, [Double(pairs.products)], vectors,
      ]
      return Array(numbers.joined())
    }
  }

  /// Numbers and vectors by name are all there is to a tracker: with them another one continues with the same bits.
  @Test(arguments: 0...9)
  func restoredTrackersContinueWithTheSameBits(point: Int) throws {
    let method = BlockKrylov(count: 2, maximumCount: 4)
    var uninterrupted = SpectrumTracker<Float>(method, coldInterval: 8)
    let expected = try follow(&uninterrupted, 0..<12)
    var first = SpectrumTracker<Float>(method, coldInterval: 8)
    var found = try follow(&first, 0..<point)
    var second = SpectrumTracker<Float>(method, coldInterval: 8)
    let isTaken = second.state.restore(first.state.carried.copied)
    #expect(isTaken)
    found += try follow(&second, point..<12)
    #expect(found == expected)
  }

  @Test func incompleteStatesAreRefused() throws {
    var tracker = SpectrumTracker<Float>(BlockKrylov(count: 2))
    _ = try follow(&tracker, 0..<3)
    let state = tracker.state.carried
    var other = SpectrumTracker<Float>.State()
    for name in state.numbers.keys {
      var part = state
      part.numbers[name] = nil
      let isTaken = other.restore(part)
      #expect(!isTaken)
    }
    for name in state.vectors.keys {
      var part = state
      part.vectors[name] = nil
      let isTaken = other.restore(part)
      #expect(!isTaken)
    }
    #expect(other.searches == 0)
  }

  /// What is known is not lost to a cold search that sees less: one with a wide tolerance ends below the bulk's edge.
  @Test func coldSearchesFindNoLessThanWasKnown() throws {
    let bulk = (0..<20_000).map { Double($0) / 20_000 }
    let matrix = DiagonalOperator<Double>([1.03] + bulk)
    let method = BlockKrylov(count: 1, tolerance: 0.2)
    #expect(try method.largestEigenpairs(of: matrix, random: probe(1)).values[0] < 1.01)
    let top = Vector<Double>(count: matrix.dimension)
    top[0] = 1
    var tracker = SpectrumTracker<Double>(method, coldInterval: 1)
    tracker.state.start = WarmStart([top])
    #expect(try tracker.next(matrix, random: probe(1)).values[0] > 1.0299)
  }

  // MARK: - Crossings

  /// An eigenvalue that jumps to the top between two searches, with nothing that couples it to the others, is
  /// found by the next cold search at the latest.
  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func coldSearchesFindWhatNothingCouples(seed: UInt64) throws {
    let diagonal = (1...400).map { 10 / Double($0) }
    var jumped = diagonal
    jumped[300] = 9
    var tracker = SpectrumTracker<Double>(BlockKrylov(count: 2), coldInterval: 10)
    for search in 0...10 {
      let matrix = DiagonalOperator<Double>(search < 8 ? diagonal : jumped)
      let pairs = try tracker.next(matrix, random: probe(seed, search))
      if search < 8 { #expect(abs(pairs.values[1] - 5) < 0.01) }
      if search == 10 { #expect(abs(pairs.values[1] - 9) < 0.01) }
    }
  }

  /// Two eigenvalues cross where one is wanted.
  ///
  /// Coupled, if ever so weakly, the other is noticed at once;
  /// uncoupled, as soon as the guard is clearly above, since a random vector is mixed into it.
  @Test(arguments: [0, 0.01, 0.1], 1...3 as ClosedRange<UInt64>)
  func crossingsAreFollowed(coupling: Double, seed: UInt64) throws {
    let n = 60
    var tracker = SpectrumTracker<Double>(BlockKrylov(count: 1), coldInterval: nil)
    var misses = 0
    for point in 0...100 {
      let s = Double(point) / 100
      var matrix = [Double](repeating: 0, count: n * n)
      for i in 0..<n { matrix[i * n + i] = 5 / Double(i + 1) }
      matrix[0] = 10 - 3 * s
      matrix[n + 1] = 8 + 3 * s
      (matrix[1], matrix[n]) = (coupling, coupling)
      let pairs = try tracker.next(DenseOperator<Double>(matrix, dimension: n), random: probe(seed, point))
      let exact = try #require(SymmetricEigen(matrix, dimension: n)?.values.last)
      if abs(pairs.values[0] - exact) > 1e-3 * exact { misses += 1 }
    }
    #expect(misses <= (coupling == 0 ? 2 : 0))
  }
}
