import LinearAlgebra
import Testing

@Suite struct MatrixProductTests {
  /// Sizes that reach every method, with and without remainders.
  static let sizes = [
    (1, 1, 1), (20, 100, 1), (20, 1, 100), (1, 100, 20), (100, 1, 20), (1, 1, 70), (3, 40, 17), (17, 3, 40),
    (2, 2, 2),
    (33, 47, 65), (4, 9, 100), (100, 9, 4), (9, 100, 2), (5, 7, 3), (13, 16, 31), (64, 65, 64), (7, 6, 1500),
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

  /// A small product is the sum of its terms from the first to the last, fused where the level fuses: so its bits do not
  /// depend on how the sizes are cut into tiles.
  @Test(
    arguments: [
      (6, 6, 6), (20, 100, 10), (13, 21, 40), (5, 7, 90), (25, 33, 9), (13, 28, 12), (5, 24, 9),
      (20, 100, 1), (1, 100, 20), (1, 149, 3),
    ], [0, 1, 2, 3])
  func smallProductsAreSummedInOrder(size: (rows: Int, columns: Int, depth: Int), transposes: Int) {
    checkOrder(size, transposes, Float.self)
    checkOrder(size, transposes, Double.self)
  }

  func checkOrder<S: RealScalar>(_ size: (rows: Int, columns: Int, depth: Int), _ transposes: Int, _: S.Type)
  {
    let (m, n, k) = size, batch = 3
    let product = MatrixProduct(
      rows: m, columns: n, depth: k, transposeLeft: transposes & 1 != 0, transposeRight: transposes & 2 != 0,
      batch: batch)
    // Scalar products are summed otherwise.
    guard let scaled = product.scaled(by: -0.5, accumulates: true) else { return }
    let left = Vector<S>(count: batch * m * k), right = Vector<S>(count: batch * k * n)
    let result = Vector<S>(count: batch * m * n), folded = Vector<S>(count: batch * m * n)
    let random = Philox(seed: 2, stream: .data)
    random.fillNormal(left.all)
    random.fillNormal(right.all, first: 100_000)
    random.fillNormal(folded.all, first: 200_000)
    let before = folded.array, fuses = KernelLevelTests.fuses(NumericLevel.current)
    product.multiply(left.all, right.all, into: result.all)
    scaled.multiply(left.all, right.all, into: folded.all)
    for b in 0..<batch {
      for i in 0..<m {
        for j in 0..<n {
          var sum: S = 0
          for l in 0..<k {
            let x = left[b * m * k + (product.transposeLeft ? l * m + i : i * k + l)]
            let y = right[b * k * n + (product.transposeRight ? j * k + l : l * n + j)]
            sum = fuses ? sum.addingProduct(x, y) : sum + x * y
          }
          let place = (b * m + i) * n + j
          #expect(result[place] == sum)
          #expect(folded[place] == before[place] - sum / 2)
        }
      }
    }
  }

  /// What is not finite spoils the elements of its own row and column, and no others: whatever lies behind a row in memory
  /// takes no part in it.
  @Test(
    arguments: [(1, 1, 3), (5, 3, 50), (2, 30, 8), (20, 1, 100), (9, 4, 17), (6, 21, 5), (12, 10, 1)],
    [0, 1, 2, 3])
  func elementsDependOnTheirRowAndColumnOnly(size: (rows: Int, columns: Int, depth: Int), transposes: Int) {
    checkSpoiled(size, transposes, Float.self)
    checkSpoiled(size, transposes, Double.self)
  }

  func checkSpoiled<S: RealScalar>(
    _ size: (rows: Int, columns: Int, depth: Int), _ transposes: Int, _: S.Type
  ) {
    let (m, n, k) = size, batch = 2
    let product = MatrixProduct(
      rows: m, columns: n, depth: k, transposeLeft: transposes & 1 != 0, transposeRight: transposes & 2 != 0,
      batch: batch)
    let left = Vector<S>(count: batch * m * k), right = Vector<S>(count: batch * k * n)
    let result = Vector<S>(count: batch * m * n)
    left.fill(1)
    right.fill(1)
    // The last row of the first product, and the first column of the second.
    let (row, column) = (m - 1, 0)
    for l in 0..<k {
      left[product.transposeLeft ? l * m + row : row * k + l] = .infinity
      right[k * n + (product.transposeRight ? column * k + l : l * n + column)] = .nan
    }
    product.multiply(left.all, right.all, into: result.all)
    for i in 0..<m {
      for j in 0..<n {
        #expect(result[i * n + j] == (i == row ? .infinity : S(k)))
        #expect(j == column ? result[(m + i) * n + j].isNaN : result[(m + i) * n + j] == S(k))
      }
    }
  }

  @Test func librarySaysWhatItIs() {
    #expect(BLAS.threads == 1)
    #expect(!BLAS.coreName.isEmpty)
    #expect(BLAS.configuration.contains("OpenBLAS"))
  }
}
