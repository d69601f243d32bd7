import LinearAlgebra
import Testing

@Suite struct SymmetricEigenTests {
  @Test func closedFormOfTheSecondDifference() throws {
    let n = 12
    var matrix = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      matrix[i * n + i] = 2
      if i > 0 { (matrix[i * n + i - 1], matrix[(i - 1) * n + i]) = (-1, -1) }
    }
    let eigen = try #require(SymmetricEigen(matrix, dimension: n))
    // The eigenvalues are those of polynomials of Chebyshev: U_n(1 - value / 2) = 0.
    for value in eigen.values {
      var (last, this) = (1.0, 2 - value)
      for _ in 1..<n { (last, this) = (this, (2 - value) * this - last) }
      #expect(abs(this) < 1e-11)
    }
    #expect(eigen.values == eigen.values.sorted())
  }

  @Test(arguments: [1, 2, 5, 40])
  func vectorsDiagonaliseTheMatrix(n: Int) throws {
    let random = Philox(seed: UInt64(n), stream: .data)
    var matrix = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0...i {
        matrix[i * n + j] = random.normal(UInt64(i * n + j))
        matrix[j * n + i] = matrix[i * n + j]
      }
    }
    let eigen = try #require(SymmetricEigen(matrix, dimension: n))
    for k in 0..<n {
      let v = Array(eigen.vector(k))
      for i in 0..<n {
        let product = (0..<n).reduce(0) { $0 + matrix[i * n + $1] * v[$1] }
        #expect(abs(product - eigen.values[k] * v[i]) < 1e-12)
      }
      for l in 0...k {
        let dot = zip(v, eigen.vector(l)).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(dot - (k == l ? 1 : 0)) < 1e-13)
      }
    }
  }

  @Test func readsTheLowerTriangleOnly() throws {
    let eigen = try #require(SymmetricEigen([2, 99, 1, 2], dimension: 2))
    #expect(abs(eigen.values[0] - 1) < 1e-15 && abs(eigen.values[1] - 3) < 1e-15)
  }

  @Test func hasNoAnswerForWhatIsNotFinite() throws {
    #expect(SymmetricEigen([.nan], dimension: 1) == nil)
    #expect(SymmetricEigen([1, .infinity, .infinity, 1], dimension: 2) == nil)
    #expect(try #require(SymmetricEigen([], dimension: 0)).values.isEmpty)
  }
}
