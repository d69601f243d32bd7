import Foundation
import LinearAlgebra
import Testing

@Suite struct PreconditionerTests {
  private func random<Scalar: RealScalar>(_ count: Int, _ stream: UInt32) -> Vector<Scalar> {
    let vector = Vector<Scalar>(count: count)
    Philox(seed: 4, stream: .probes, substream: stream).fillNormal(vector.all)
    return vector
  }

  private func squares<Scalar: RealScalar>(_ count: Int, _ stream: UInt32) -> Vector<Scalar> {
    let vector: Vector<Scalar> = random(count, stream)
    vector.multiply(by: vector)
    return vector
  }

  private func expect<Scalar: RealScalar>(_ actual: Vector<Scalar>, _ expected: [Double], factor: Double = 8)
  {
    for (value, exact) in zip(actual.array, expected) {
      #expect(abs(Double(value) - exact) <= factor * Double(Scalar.ulpOfOne) * max(1, abs(exact)))
    }
  }

  @Test(arguments: StepTests.counts)
  func elementwiseFormulas(count: Int) {
    checkElementwise(count, Float.self)
    checkElementwise(count, Double.self)
  }

  private func checkElementwise<Scalar: RealScalar>(_ count: Int, _: Scalar.Type) {
    let (nu, mu): (Vector<Scalar>, Vector<Scalar>) = (squares(count, 0), squares(count, 1))
    let direction: Vector<Scalar> = random(count, 2)
    let result = Vector<Scalar>(count: count)
    let (n, m, d) = (nu.array.map(Double.init), mu.array.map(Double.init), direction.array.map(Double.init))

    result.all.becomePowers(
      of: nu.all, exponent: 0.25, RootScale(correction: 1.5, epsilon: 1e-3, factor: 0.5))
    expect(result, n.map { 0.5 * (pow(1.5 * $0, 0.25) + 1e-3) })

    result.all.becomeRootRatio(nu.all, mu.all, epsilon: 1e-2)
    let ratios = zip(n, m).map { (($0 + 1e-2) / ($1 + 1e-2)).squareRoot() }
    expect(result, ratios)

    let weights = Vector<Scalar>(count: count)
    weights.fill(1)
    weights.all.step(along: direction.all, by: 0.3, dividedBy: result.all)
    expect(weights, zip(d, ratios).map { 1 - 0.3 * $0 / $1 }, factor: 40)

    nu.all.becomeMaximum(with: mu.all)
    #expect(nu.array.map(Double.init) == zip(n, m).map(max))

    mu.accumulateSquare(of: direction, decay: 1, weight: 1)
    expect(mu, zip(m, d).map { $0 + $1 * $1 })
  }

  @Test(arguments: [(1, 1), (1, 7), (5, 1), (3, 17), (40, 33)])
  func factoredMoments(rows: Int, columns: Int) {
    checkFactored(rows, columns, Float.self)
    checkFactored(rows, columns, Double.self)
  }

  private func checkFactored<Scalar: RealScalar>(_ rows: Int, _ columns: Int, _: Scalar.Type) {
    let matrix: Vector<Scalar> = random(rows * columns, 3)
    let values = matrix.array.map(Double.init)
    let (r, c) = (Vector<Scalar>(count: rows), Vector<Scalar>(count: columns))
    matrix.all.squareMeans(rows: r.all, columns: c.all)
    func mean(_ squares: [Double]) -> Double { squares.reduce(0) { $0 + $1 * $1 } / Double(squares.count) }
    let rowMeans = (0..<rows).map { i in mean((0..<columns).map { values[i * columns + $0] }) }
    let columnMeans = (0..<columns).map { j in mean((0..<rows).map { values[$0 * columns + j] }) }
    expect(r, rowMeans)
    expect(c, columnMeans)
    matrix.all.becomeRootProducts(rows: r.all, columns: c.all, factor: 0.7)
    expect(matrix, rowMeans.flatMap { r in columnMeans.map { (0.7 * r * $0).squareRoot() } })
  }

  /// The product of two moments of 1e-30 is no `Float`, but its root is.
  @Test func tinyMomentsAreNotLost() {
    let (r, c, result) = (Vector<Float>([1e-30]), Vector<Float>([4e-30]), Vector<Float>(count: 1))
    result.all.becomeRootProducts(rows: r.all, columns: c.all, factor: 1)
    #expect(abs(result[0] - 2e-30) < 1e-36)
  }
}
