import LinearAlgebra
import Spectra
import Testing

@Suite struct WarmSearchTests {
  /// Follows `A(s)` along a path and compares with the dense decomposition at every point.
  private func follow(
    dimension: Int, points: Int, seed: UInt64, method: BlockKrylov, matrix: (Double) -> [Double]
  ) throws -> (products: Double, misses: Int) {
    var start: WarmStart<Double>?
    var products = 0
    var misses = 0
    for point in 0..<points {
      let dense = DenseOperator<Double>(matrix(Double(point) / Double(points - 1)), dimension: dimension)
      let pairs = try method.largestEigenpairs(of: dense, startingFrom: start, random: probe(seed, point))
      let exact = SymmetricEigen(dense.matrix, dimension: dimension)?.values.reversed() ?? []
      #expect(pairs.status == .converged)
      let errors = zip(pairs.values, exact).map { abs($0 - $1) }
      if errors.contains(where: { $0 > 1.01 * method.tolerance * exact[0] }) { misses += 1 }
      start = pairs.start
      products += pairs.products
    }
    return (Double(products) / Double(points), misses)
  }

  /// Two fixed random matrices, mixed: crossings are avoided ones, vectors turn.
  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func followsARotatingEigenspace(seed: UInt64) throws {
    let n = 50
    let spectrum = (1...n).map { 10 / Double($0) }
    let (a, b) = (
      randomMatrix(eigenvalues: spectrum, seed: seed), randomMatrix(eigenvalues: spectrum, seed: seed + 50)
    )
    let outcome = try follow(dimension: n, points: 60, seed: seed, method: BlockKrylov(count: 2)) { s in
      zip(a, b).map { (1 - s) * $0 + s * $1 }
    }
    #expect(outcome.misses == 0)
    #expect(outcome.products < 9)
  }

  /// Eigenvectors stay fixed, so nothing couples an eigenvalue that rises from below to those followed.
  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func noticesAnUncoupledEigenvalueThatCrosses(seed: UInt64) throws {
    let n = 40
    let outcome = try follow(dimension: n, points: 200, seed: seed, method: BlockKrylov(count: 2)) { s in
      var eigenvalues = (1...n).map { 1 / Double($0) }
      eigenvalues[4] = 0.2 + 1.3 * s
      return (0..<n * n).map { $0 / n == $0 % n ? eigenvalues[$0 % n] : 0 }
    }
    #expect(outcome.misses <= 3)
    #expect(outcome.products < 3.5)
  }

  /// Two eigenvalues at the edge change places while both eigenvectors turn: the guard holds the one that is not wanted.
  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func competingEigenvaluesMayChangePlacesInEverySearch(seed: UInt64) throws {
    let n = 40
    let rest = (1...n - 2).map { 0.1 / Double($0) }
    let outcome = try follow(dimension: n, points: 60, seed: seed, method: BlockKrylov(count: 1)) { s in
      let isFirst = Int((59 * s).rounded()) % 2 == 0
      let turned = randomMatrix(eigenvalues: [isFirst ? 1 : 0.95, isFirst ? 0.95 : 1] + rest, seed: seed)
      let disturbance = randomMatrix(eigenvalues: (1...n).map { 0.2 / Double($0) }, seed: seed + 9)
      return zip(turned, disturbance).map { $0 + s * $1 }
    }
    #expect(outcome.misses == 0)
  }

  /// Started from exact eigenvectors that are not the wanted ones, later searches find the right ones.
  @Test(arguments: [[3, 7], [30, 20], [0, 30]])
  func recoversFromEigenvectorsThatAreNotTheLargest(indices: [Int]) throws {
    let matrix = DiagonalOperator<Double>((0..<100).map { 10 / Double($0 + 1) - 0.5 })
    let units = indices.map { index in
      let unit = Vector<Double>(count: 100)
      unit[index] = 1
      return unit
    }
    var start: WarmStart<Double>? = WarmStart(units)
    var values: [Double] = []
    for search in 0..<25 {
      let pairs = try BlockKrylov(count: 2).largestEigenpairs(
        of: matrix, startingFrom: start, random: probe(1, search))
      #expect(pairs.status == .converged)
      (start, values) = (pairs.start, pairs.values)
    }
    #expect(abs(values[0] - 9.5) < 0.05 && abs(values[1] - 4.5) < 0.05)
  }

  /// A second search of the same matrix costs the starting block only.
  @Test func unchangedMatrixCostsOneBlock() throws {
    let matrix = DiagonalOperator<Float>((1...2000).map { 1 / Double($0) })
    let method = BlockKrylov(count: 2)
    let cold = try method.largestEigenpairs(of: matrix, random: probe(1, 0))
    let warm = try method.largestEigenpairs(of: matrix, startingFrom: cold.start, random: probe(1, 1))
    #expect(cold.products <= 14)
    #expect(warm.products == 3)
  }

  /// Vectors that are zero, repeated, not finite or more than the dimension: all are fit to start from.
  @Test func uselessStartingVectorsDoNoHarm() throws {
    let matrix = DiagonalOperator<Double>([5, 4, 3, 2])
    let ones = Vector([1.0, 1, 1, 1])
    let guesses = [
      [Vector(count: 4), Vector(count: 4)], [ones, ones, ones], [Vector([.nan, 0, 0, 0])],
      [ones, ones, ones, ones, ones],
    ]
    for guess in guesses {
      let pairs = try BlockKrylov(count: 2, tolerance: 1e-6).largestEigenpairs(
        of: matrix, startingFrom: WarmStart(guess), random: probe(3))
      #expect(pairs.status == .converged)
      #expect(abs(pairs.values[0] - 5) < 1e-5 && abs(pairs.values[1] - 4) < 1e-5)
    }
  }
}
