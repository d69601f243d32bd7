import LinearAlgebra
import Spectra
import Testing

@Suite struct PreconditionedOperatorTests {
  private let n = 20
  private var matrix: [Double] { randomMatrix(eigenvalues: (1...n).map { Double($0) - 8 }, seed: 2) }
  private var diagonal: [Double] { (0..<n).map { 0.01 + Double($0 * $0) } }

  @Test func isSymmetric() throws {
    let scaled = PreconditionedOperator(DenseOperator<Double>(matrix, dimension: n))
    scaled.precondition(by: Vector(diagonal))
    let (u, v) = (Vector<Double>(count: n), Vector<Double>(count: n))
    probe(1).fillNormal(u.all)
    probe(2).fillNormal(v.all)
    let (au, av) = (Vector<Double>(count: n), Vector<Double>(count: n))
    try scaled.apply(u, into: au)
    try scaled.apply(v, into: av)
    #expect(abs(v.dot(au) - u.dot(av)) < 1e-12 * au.norm * v.norm)
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

  @Test func vanishingPreconditionerIsAStatus() throws {
    let scaled = PreconditionedOperator(DenseOperator<Double>(matrix, dimension: n))
    scaled.precondition(by: Vector(diagonal.map { $0 > 1 ? $0 : 0 }))
    let pairs = try BlockKrylov(count: 1).largestEigenpairs(of: scaled, random: probe(1))
    #expect(pairs.status == .notFinite)
  }
}
