import Conformance
import LinearAlgebra
import Spectra
import Testing

@Suite struct PreconditionedOperatorTests {
  private let n = 20
  private var matrix: [Double] { randomMatrix(eigenvalues: (1...n).map { Double($0) - 8 }, seed: 2) }
  private var diagonal: [Double] { (0..<n).map { 0.01 + Double($0 * $0) } }

  @Test(arguments: [0, 0.7]) func isASymmetricOperator(shift: Double) throws {
    let scaled = PreconditionedOperator(DenseOperator<Double>(matrix, dimension: n))
    scaled.precondition(by: Vector(diagonal), shift: shift)
    #expect(try OperatorConformance.faults(of: scaled, tolerance: 1e-13) == [])
    let single = PreconditionedOperator(DenseOperator<Float>(matrix, dimension: n))
    single.precondition(by: Vector(diagonal.map(Float.init)), shift: shift)
    #expect(try OperatorConformance.faults(of: single, tolerance: 1e-6) == [])
  }

  /// `P^(-1/2) x` is an eigenvector of `P^-1 H`: `H z = theta P z`.
  @Test func solvesTheGeneralizedProblem() throws {
    let dense = DenseOperator<Double>(matrix, dimension: n)
    let scaled = PreconditionedOperator(dense)
    scaled.precondition(by: Vector(diagonal))
    let pairs = try BlockKrylov(count: 2, tolerance: 1e-10).largestEigenpairs(of: scaled, random: probe(1))
    for (theta, x) in zip(pairs.values, pairs.vectors) {
      let z = Vector((0..<n).map { x[$0] / diagonal[$0].squareRoot() })
      let image = Vector<Double>(count: n)
      dense.apply(z, into: image)
      for i in 0..<n { #expect(abs(image[i] - theta * diagonal[i] * z[i]) < 1e-6) }
    }
  }

  /// With `delta`: `(H + delta I) z = theta P z`; with `P = I` all eigenvalues move by `delta`.
  @Test func shiftsTheOperatorBeforeItIsScaled() throws {
    let dense = DenseOperator<Double>(matrix, dimension: n)
    let scaled = PreconditionedOperator(dense)
    scaled.precondition(by: Vector(diagonal), shift: 0.7)
    let (z, image) = (Vector<Double>(count: n), Vector<Double>(count: n))
    probe(3).fillNormal(z.all)
    try scaled.apply(Vector((0..<n).map { z[$0] * diagonal[$0].squareRoot() }), into: image)
    let expected = Vector<Double>(count: n)
    dense.apply(z, into: expected)
    for i in 0..<n {
      #expect(abs(image[i] * diagonal[i].squareRoot() - expected[i] - 0.7 * z[i]) < 1e-10)
    }
    let pairs = try BlockKrylov(count: 2).largestEigenpairs(of: dense, random: probe(1))
    #expect(pairs.shifted(by: 0.7).values == pairs.values.map { $0 + 0.7 })
  }

  @Test func isThePlainOperatorWithoutPreconditioner() throws {
    let dense = DenseOperator<Double>(matrix, dimension: n)
    let plain = try BlockKrylov(count: 1).largestEigenpairs(of: dense, random: probe(1))
    let wrapped = try BlockKrylov(count: 1).largestEigenpairs(
      of: PreconditionedOperator(dense), random: probe(1))
    #expect(plain.values == wrapped.values)
  }

  /// Where `P` is 0 the direction does not count: what is left is the block of the others.
  @Test func directionsWithoutAPreconditionerDoNotCount() throws {
    let scaled = PreconditionedOperator(DenseOperator<Double>(matrix, dimension: n))
    scaled.precondition(by: Vector(diagonal.map { $0 > 1 ? $0 : 0 }), shift: 0.5)
    #expect(try OperatorConformance.faults(of: scaled, tolerance: 1e-13) == [])
    let kept = diagonal.indices.filter { diagonal[$0] > 1 }
    let block = kept.flatMap { i in
      kept.map { j in
        (matrix[i * n + j] + (i == j ? 0.5 : 0)) / (diagonal[i] * diagonal[j]).squareRoot()
      }
    }
    let pairs = try BlockKrylov(count: 1, tolerance: 1e-10).largestEigenpairs(of: scaled, random: probe(1))
    let exact = try #require(SymmetricEigen(block, dimension: kept.count)?.values.last)
    #expect(pairs.status == .converged && abs(pairs.values[0] - exact) < 1e-9)
  }

  @Test func aNegativePreconditionerIsAStatus() throws {
    let scaled = PreconditionedOperator(DenseOperator<Double>(matrix, dimension: n))
    scaled.precondition(by: Vector(diagonal.map { $0 > 1 ? $0 : -1 }))
    let pairs = try BlockKrylov(count: 1).largestEigenpairs(of: scaled, random: probe(1))
    #expect(pairs.status == .notFinite)
  }
}
