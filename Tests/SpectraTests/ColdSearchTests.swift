import LinearAlgebra
import Spectra
import Testing

/// A spectrum by name, descending or not.
struct Spectrum: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let eigenvalues: [Double]

  init(_ description: String, _ eigenvalues: [Double]) {
    (testDescription, self.eigenvalues) = (description, eigenvalues)
  }

  init(_ description: String, _ eigenvalue: (Double) -> Double) {
    self.init(description, (1...40).map { eigenvalue(Double($0)) })
  }

  static let all = [
    Spectrum("1/i") { 1 / $0 },
    Spectrum("1/sqrt(i)") { 1 / $0.squareRoot() },
    Spectrum("equidistant") { $0 },
    Spectrum("dominating negative end") { $0 < 8 ? -100 / $0 : 1 / $0 },
    Spectrum("all negative") { -$0 },
    Spectrum("pairs") { 1 / (($0 + 1) / 2).rounded(.down) },
    Spectrum("largest five times") { $0 <= 5 ? 3 : 1 / $0 },
    Spectrum("rank 2") { $0 <= 2 ? $0 : 0 },
    Spectrum("rank 2, negative") { $0 <= 2 ? -$0 : 0 },
    Spectrum("identity") { _ in 1 },
    Spectrum("zero") { _ in 0 },
    Spectrum("tiny") { 1e-30 / $0 },
    Spectrum("huge") { 1e30 / $0 },
    Spectrum("size 3", [2, -7, 0.5]),
    Spectrum("size 1", [-4]),
  ]
}

@Suite struct ColdSearchTests {
  @Test(arguments: Spectrum.all, [1, 2, 5])
  func agreesWithTheDenseDecomposition(spectrum: Spectrum, count: Int) throws {
    try check(spectrum, BlockKrylov(count: count, tolerance: 1e-8, maximumProducts: 5000), Double.self)
    try check(spectrum, BlockKrylov(count: count, tolerance: 1e-4, maximumProducts: 5000), Float.self)
  }

  /// In a large space even a random vector has a small residual, which proves nothing.
  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func randomVectorsAreNotTakenForEigenvectors(seed: UInt64) throws {
    let bulk = (0..<100_000).map { 0.3 * Double($0) / 100_000 }
    let pairs = try BlockKrylov(count: 2).largestEigenpairs(
      of: DiagonalOperator<Float>([100, 6] + bulk), random: probe(seed))
    #expect(abs(pairs.values[0] - 100) < 0.5 && abs(pairs.values[1] - 6) < 0.5, "\(pairs.values)")
    let lowest = try BlockKrylov(count: 1).largestEigenpairs(
      of: DiagonalOperator<Float>([6] + bulk), scale: 10, random: probe(seed))
    #expect(abs(lowest.values[0] - 6) < 0.05, "\(lowest.values)")
  }

  /// With a basis as small as it may be, most of the search is restarts.
  @Test(arguments: Spectrum.all.filter { !$0.testDescription.contains("dominating") })
  func restartsLoseNothing(spectrum: Spectrum) throws {
    try check(
      spectrum, BlockKrylov(count: 2, tolerance: 1e-6, maximumProducts: 2000, maximumBasis: 1), Double.self)
  }

  private func check<Scalar: RealScalar>(_ spectrum: Spectrum, _ method: BlockKrylov, _: Scalar.Type) throws {
    let n = spectrum.eigenvalues.count
    let matrix = randomMatrix(eigenvalues: spectrum.eigenvalues, seed: 3)
    let dense = DenseOperator<Scalar>(matrix, dimension: n)
    let pairs = try method.largestEigenpairs(of: dense, random: probe(1))
    let expected = spectrum.eigenvalues.sorted(by: >).prefix(method.count)
    let magnitude = spectrum.eigenvalues.map(abs).max() ?? 0
    let allowed = max(method.tolerance * abs(expected[0]), 100 * Double(Scalar.ulpOfOne) * magnitude)

    #expect(pairs.status == .converged)
    #expect(pairs.products == dense.products)
    #expect(pairs.values.count == min(method.count, n))
    for (index, value) in pairs.values.enumerated() {
      #expect(abs(value - expected[index]) <= allowed)
      #expect(pairs.residuals[index] <= allowed)
      #expect(dense.residual(pairs.vectors[index], value) <= 1.1 * allowed)
      for other in 0...index {
        let product = pairs.vectors[index].dot(pairs.vectors[other])
        #expect(abs(product - (index == other ? 1 : 0)) <= 100 * Double(Scalar.ulpOfOne))
      }
    }
  }

  /// However few products were allowed, some eigenvalue lies within the residual of every value.
  @Test(arguments: 1...12)
  func residualsBoundTheDistanceToAnEigenvalue(maximumProducts: Int) throws {
    let eigenvalues = (1...40).map { 1 / Double($0) - 0.2 }
    let dense = DenseOperator<Double>(randomMatrix(eigenvalues: eigenvalues, seed: 9), dimension: 40)
    let method = BlockKrylov(count: 3, tolerance: 1e-12, maximumProducts: maximumProducts)
    let pairs = try method.largestEigenpairs(of: dense, random: probe(2))
    #expect(pairs.status == .maximumProducts)
    #expect(pairs.products <= max(maximumProducts, 3) + 2)
    for (value, residual) in zip(pairs.values, pairs.residuals) {
      let distance = eigenvalues.map { abs($0 - value) }.min() ?? .infinity
      #expect(distance <= residual + 1e-14)
    }
  }

  @Test func sameSeedSameBits() throws {
    let diagonal = (1...500).map { 1 / Double($0) }
    let method = BlockKrylov(count: 2)
    let workspace = Workspace<Float>()
    let first = try method.largestEigenpairs(of: DiagonalOperator<Float>(diagonal), random: probe(4))
    for _ in 0..<2 {
      let again = try method.largestEigenpairs(
        of: DiagonalOperator<Float>(diagonal), random: probe(4), workspace: workspace)
      #expect(again.values == first.values)
      #expect(again.residuals == first.residuals)
      #expect(again.start?.guardVector?.array == first.start?.guardVector?.array)
      #expect(again.vectors.map(\.array) == first.vectors.map(\.array))
    }
  }

  @Test func infiniteProductsAreAStatus() throws {
    let pairs = try BlockKrylov(count: 2).largestEigenpairs(
      of: DiagonalOperator<Double>([1, .infinity, 2, 3]), random: probe(1))
    #expect(pairs.status == .notFinite)
    #expect(pairs.values.count == 2 && pairs.values.allSatisfy(\.isNaN))
    #expect(pairs.start == nil && pairs.vectors.isEmpty)
  }

  @Test func errorsOfTheOperatorAreThrown() {
    #expect(throws: BrokenOperator.Broken.self) {
      try BlockKrylov(count: 1).largestEigenpairs(of: BrokenOperator(), random: probe(1))
    }
  }
}

private final class BrokenOperator: SymmetricOperator {
  struct Broken: Error {}
  let dimension = 4
  func apply(_ x: Vector<Double>, into y: Vector<Double>) throws { throw Broken() }
}
