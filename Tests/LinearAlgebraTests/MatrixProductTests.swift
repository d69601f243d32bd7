import LinearAlgebra
import Testing

@Suite struct MatrixProductTests {
  /// Sizes that reach every method, with and without remainders.
  static let sizes = [
    (1, 1, 1), (20, 100, 1), (20, 1, 100), (1, 100, 20), (100, 1, 20), (1, 1, 70), (3, 40, 17), (17, 3, 40),
    (2, 2, 2),
    (33, 47, 65), (4, 9, 100), (100, 9, 4), (9, 100, 2),
  ]

  @Test(arguments: sizes, [0, 1, 2, 3])
  func agreesWithSums(size: (rows: Int, columns: Int, depth: Int), transposes: Int) {
    let product = MatrixProduct(
      rows: size.rows, columns: size.columns, depth: size.depth, transposeLeft: transposes & 1 != 0,
      transposeRight: transposes & 2 != 0)
    check(product, tolerance: 1e-6, Float.self)
    check(product, tolerance: 1e-15, Double.self)
  }

  func check<S: RealScalar>(_ product: MatrixProduct, tolerance: Double, _: S.Type) {
    let (m, n, k) = (product.rows, product.columns, product.depth)
    let left = Vector<S>(count: m * k), right = Vector<S>(count: k * n), result = Vector<S>(count: m * n)
    let random = Philox(seed: 1, stream: .data)
    random.fillNormal(left.all)
    random.fillNormal(right.all, first: 100_000)
    result.fill(.nan)
    product.multiply(left.all, right.all, into: result.all)
    for i in 0..<m {
      for j in 0..<n {
        var (sum, size) = (0.0, 0.0)
        for l in 0..<k {
          let a = Double(left[product.transposeLeft ? l * m + i : i * k + l])
          let b = Double(right[product.transposeRight ? j * k + l : l * n + j])
          sum += a * b
          size += abs(a * b)
        }
        #expect(abs(Double(result[i * n + j]) - sum) <= tolerance * size)
      }
    }
  }

  @Test func librarySaysWhatItIs() {
    #expect(BLAS.threads == 1)
    #expect(!BLAS.coreName.isEmpty)
    #expect(BLAS.configuration.contains("OpenBLAS"))
  }
}
