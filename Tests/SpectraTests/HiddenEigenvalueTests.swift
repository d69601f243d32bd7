import LinearAlgebra
import Spectra
import Testing

/// Eigenvalues that nothing that was followed leads to.
@Suite struct HiddenEigenvalueTests {
  private func unit(_ index: Int, of dimension: Int) -> Vector<Double> {
    let vector = Vector<Double>(count: dimension)
    vector[index] = 1
    return vector
  }

  /// An uncoupled eigenvalue jumps up in a direction in which the path has gone, beside others.
  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func theDisplacementLeadsToWhatHasChanged(seed: UInt64) throws {
    let diagonal = (1...400).map { 10 / Double($0) }
    var jumped = diagonal
    jumped[300] = 9
    var tracker = SpectrumTracker<Double>(BlockKrylov(count: 2), coldInterval: nil)
    for search in 0..<8 {
      _ = try tracker.next(DiagonalOperator<Double>(diagonal), random: probe(seed, search))
    }
    let displacement = unit(300, of: 400)
    for index in stride(from: 1, to: 400, by: 30) { displacement[index] = 0.2 }
    let pairs = try tracker.next(
      DiagonalOperator<Double>(jumped), movedBy: displacement, random: probe(seed, 8))
    #expect(abs(pairs.values[0] - 10) < 0.01 && abs(pairs.values[1] - 9) < 0.01)
  }

  /// A small second value is converged only by a residual that is small beside itself: the largest one is no measure for it.
  @Test func aSmallValueDoesNotHideBehindTheToleranceOfTheLargest() throws {
    let n = 40
    var matrix = [Double](repeating: 0, count: n * n)
    for i in 0..<n { matrix[i * n + i] = 0.05 / Double(i + 1) }
    (matrix[0], matrix[n + 1], matrix[2 * n + 2]) = (1, 0.35, 0.25)
    // The first vector has to grow, which gives the search its further direction; the third is weakly coupled to the second.
    (matrix[3], matrix[3 * n]) = (0.1, 0.1)
    (matrix[n + 2], matrix[2 * n + 1]) = (0.003, 0.003)
    let pairs = try BlockKrylov(count: 2).largestEigenpairs(
      of: DenseOperator<Double>(matrix, dimension: n),
      startingFrom: WarmStart([unit(0, of: n), unit(2, of: n)]), random: probe(1))
    #expect(pairs.status == .converged)
    #expect(abs(pairs.values[1] - 0.35) < 0.005)
  }

  /// Where the matrix has nothing in common with the last one, a warm search is as good as a cold one.
  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func unrelatedMatricesAreSearchedAsIfCold(seed: UInt64) throws {
    let n = 60
    let method = BlockKrylov(count: 2)
    let spectrum = [1, 0.3, 0.27] + (1...n - 3).map { 0.1 / Double($0) }
    var tracker = SpectrumTracker<Double>(method, coldInterval: nil)
    for point in 0..<40 {
      let matrix = randomMatrix(eigenvalues: spectrum, seed: 100 * seed + UInt64(point))
      let pairs = try tracker.next(DenseOperator<Double>(matrix, dimension: n), random: probe(seed, point))
      #expect(pairs.status == .converged)
      #expect(abs(pairs.values[0] - 1) < 0.005 && abs(pairs.values[1] - 0.3) < 0.005)
    }
  }

  /// How weights move becomes how the preconditioned Hessian's coordinates move; what `P` does not move stays.
  @Test func displacementsAreScaledLikeEigenvectors() {
    let diagonal = Vector([4.0, 0, 9])
    let scaled = PreconditionedOperator(DiagonalOperator<Double>([1, 1, 1]))
    scaled.precondition(by: diagonal)
    #expect(scaled.coordinates(of: Vector([1.0, 1, -2]), diagonal).array == [2, 0, -6])
  }
}
