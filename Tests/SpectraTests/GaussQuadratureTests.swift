import LinearAlgebra
import Spectra
import Testing

@Suite struct GaussQuadratureTests {
  private let eigenvalues = [9.0, 4, 3.5, 1, 0.2, 0, 0, -0.1, -2, -3]

  private func matrix(_ seed: UInt64) -> DenseOperator<Double> {
    DenseOperator(randomMatrix(eigenvalues: eigenvalues, seed: seed), dimension: eigenvalues.count)
  }

  private func start(_ seed: UInt64) -> Vector<Double> {
    let vector = Vector<Double>(count: eigenvalues.count)
    Philox(seed: seed, stream: .data).fillNormal(vector.all)
    return vector
  }

  /// `v^T A^power v / v^T v` by products alone.
  private func moment(_ matrix: DenseOperator<Double>, _ vector: Vector<Double>, _ power: Int) -> Double {
    let (image, next) = (Vector(vector.array), Vector<Double>(count: vector.count))
    for _ in 0..<power {
      matrix.apply(image, into: next)
      image.copy(from: next)
    }
    return vector.dot(image) / vector.dot(vector)
  }

  /// The defining property of Gauss' quadrature: exact up to the degree `2 m - 1`.
  @Test(arguments: 1...5) func momentsAreThoseOfTheMatrix(steps: Int) throws {
    let (matrix, vector) = (matrix(4), start(5))
    let quadrature = try #require(try GaussQuadrature(of: matrix, from: vector, steps: steps))
    #expect(quadrature.nodes.count == steps)
    for power in 0..<2 * steps {
      let terms = zip(quadrature.nodes, quadrature.weights).map { node, weight in
        (0..<power).reduce(weight) { product, _ in product * node }
      }
      let exact = moment(matrix, vector, power)
      let sum = terms.reduce(0, +)
      #expect(abs(sum - exact) < 1e-11 * max(1, abs(exact)), "power \(power)")
    }
  }

  /// A Krylov space that ends gives every distinct eigenvalue once, with the share of the vector that lies in
  /// its eigenspace.
  @Test func aSpaceThatEndsGivesTheSpectrumOfTheVector() throws {
    let matrix = DiagonalOperator<Double>([5, 5, 2, -1, -1, -1])
    let vector = Vector<Double>([1, 1, 1, 1, 1, 1])
    let quadrature = try #require(try GaussQuadrature(of: matrix, from: vector, steps: 6))
    #expect(matrix.products == 3)
    for (node, exact) in zip(quadrature.nodes, [-1.0, 2, 5]) { #expect(abs(node - exact) < 1e-12) }
    for (weight, exact) in zip(quadrature.weights, [0.5, 1.0 / 6, 1.0 / 3]) {
      #expect(abs(weight - exact) < 1e-12)
    }
  }

  /// Without reorthogonalisation the ends of the spectrum would come back as ghosts.
  @Test func nodesStayWithinTheSpectrumAndApart() throws {
    let values = (0..<200).map { 1 / Double(1 + $0 * $0) }
    let vector = Vector<Float>(count: 200)
    Philox(seed: 1, stream: .data).fillSigns(vector.all)
    let matrix = DiagonalOperator<Float>(values)
    let quadrature = try #require(try GaussQuadrature(of: matrix, from: vector, steps: 40))
    #expect(quadrature.nodes.allSatisfy { (-1e-6...1 + 1e-6).contains($0) })
    #expect(quadrature.nodes.count { $0 > 0.75 } == 1)
    #expect(abs(quadrature.weights.reduce(0, +) - 1) < 1e-12)
    let mean = zip(quadrature.nodes, quadrature.weights).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(mean - values.reduce(0, +) / 200) < 1e-6)
  }

  @Test func whatIsNotFiniteHasNoQuadrature() throws {
    let matrix = DiagonalOperator<Double>([1, .infinity])
    #expect(try GaussQuadrature(of: matrix, from: Vector([1, 1]), steps: 2) == nil)
  }
}
