import LinearAlgebra
import TestSupport
import Testing

@Suite struct DenseTests {
  @Test(arguments: [1, 2, 7, 30])
  func choleskyFactorsAndSolves(size: Int) throws {
    var generator = SeededGenerator(seed: UInt64(size))
    let root = DenseMatrix(size, size, generator.vector(size * size))
    let matrix = root * root.transposed + DenseMatrix(diagonal: [Double](repeating: 1, count: size))
    let cholesky = try #require(Cholesky(matrix))
    #expect((cholesky.factor * cholesky.factor.transposed - matrix).norm < 1e-13 * matrix.norm)
    for row in 0..<size {
      for column in 0..<size where column > row { #expect(cholesky.factor[row, column] == 0) }
    }
    let right = generator.vector(size)
    let image = (matrix * DenseMatrix(size, 1, cholesky.solve(right))).elements
    for (found, wanted) in zip(image, right) { #expect(abs(found - wanted) < 1e-10) }
  }

  @Test func choleskyRefusesWhatIsNotPositiveDefinite() {
    #expect(Cholesky(DenseMatrix(2, 2, [1, 2, 2, 1])) == nil)
    #expect(Cholesky(DenseMatrix(1, 1, [.nan])) == nil)
  }

  @Test(arguments: [1, 2, 7, 20])
  func singularValuesRebuildTheMatrix(size: Int) throws {
    var generator = SeededGenerator(seed: UInt64(size))
    let matrix = DenseMatrix(size, size, generator.vector(size * size))
    let found = try #require(SingularValues(matrix))
    let rebuilt = found.left.scalingColumns(by: found.values) * found.right.transposed
    let identity = DenseMatrix(diagonal: [Double](repeating: 1, count: size))
    #expect((rebuilt - matrix).norm < 1e-13 * matrix.norm)
    #expect((found.left.transposed * found.left - identity).norm < 1e-13)
    #expect((found.right.transposed * found.right - identity).norm < 1e-13)
    #expect(found.values == found.values.sorted(by: >))
  }

  /// Columns of very different length: the small values keep their digits, which the usual algorithms lose.
  @Test func smallSingularValuesKeepTheirDigits() throws {
    let scales = [1.0, 1e-12, 1e-24]
    let angle = 0.3
    let rotation = DenseMatrix(
      3, 3,
      [
        Double.cosine(angle), -Double.sine(angle), 0, Double.sine(angle), Double.cosine(angle), 0, 0, 0, 1,
      ])
    let found = try #require(SingularValues(rotation.scalingColumns(by: scales)))
    for (value, scale) in zip(found.values, scales) { #expect(abs(value / scale - 1) < 1e-14) }
  }
}

extension Double {
  /// By the series, whose terms fall fast enough for small angles.
  fileprivate static func sine(_ angle: Double) -> Double {
    var (sum, term) = (0.0, angle)
    for index in 1..<20 {
      sum += term
      term *= -angle * angle / Double(2 * index * (2 * index + 1))
    }
    return sum
  }

  fileprivate static func cosine(_ angle: Double) -> Double { (1 - sine(angle) * sine(angle)).squareRoot() }
}
