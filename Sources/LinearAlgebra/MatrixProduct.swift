internal import COpenBLAS
internal import CVectorKernels

/// A product of two row-major matrices: `result [rows, columns] = left [rows, depth] right [depth, columns]`,
/// perhaps scaled, perhaps added to what the result holds.
///
/// OpenBLAS multiplies, except where a dimension is tiny: there its set-up costs more than the work. Which of
/// the two it is depends on the sizes only.
public struct MatrixProduct: Sendable, Hashable {
  /// The number of rows of the result.
  public let rows: Int
  /// The number of columns of the result.
  public let columns: Int
  /// The number of terms in each sum.
  public let depth: Int
  /// Whether `left` is stored as its transpose, `[depth, rows]`.
  public let transposeLeft: Bool
  /// Whether `right` is stored as its transpose, `[columns, depth]`.
  public let transposeRight: Bool
  /// What the product is multiplied by.
  public private(set) var factor = 1.0
  /// Whether the product is added to the result.
  public private(set) var accumulates = false
  private let method: Method

  private enum Method {
    /// Every row of the result combines rows of `right`.
    case rows
    /// The same with the operands exchanged, for a result of one column.
    case exchanged
    /// Every element of the result is a scalar product.
    case dots
    case general
  }

  /// Creates a product from its sizes.
  public init(
    rows: Int, columns: Int, depth: Int, transposeLeft: Bool = false, transposeRight: Bool = false
  ) {
    precondition(rows > 0 && columns > 0 && depth > 0, "a matrix product needs positive sizes")
    (self.rows, self.columns, self.depth) = (rows, columns, depth)
    (self.transposeLeft, self.transposeRight) = (transposeLeft, transposeRight)
    // A matrix of one row or column is stored like its transpose.
    let leftRowsAreDense = !transposeLeft || rows == 1
    let rightColumnsAreDense = transposeRight || columns == 1
    if depth == 1 || !transposeRight && columns >= 8 && min(rows, depth) <= 4 {
      method = .rows
    } else if leftRowsAreDense && rightColumnsAreDense && min(rows, columns) <= 4 {
      method = .dots
    } else {
      method = columns == 1 ? .exchanged : .general
    }
  }

  /// The product times `factor`, perhaps added to the result; nil where the sizes are such that a kernel for
  /// tiny dimensions does the work, which can do neither.
  public func scaled(by factor: Double, accumulates: Bool = false) -> MatrixProduct? {
    guard method == .general else { return nil }
    var product = self
    product.factor *= factor
    product.accumulates = accumulates
    return product
  }

  /// Multiplies into a result that must not overlap the operands.
  public func multiply<Scalar>(
    _ left: VectorSlice<Scalar>, _ right: VectorSlice<Scalar>, into result: VectorSlice<Scalar>
  ) {
    precondition(
      left.count == rows * depth && right.count == depth * columns && result.count == rows * columns,
      "the operands do not have the sizes of \(self)")
    if Scalar.choose(float: true, double: false) {
      unsafe multiplySingle(left.base, right.base, result.base)
    } else {
      unsafe multiplyDouble(left.base, right.base, result.base)
    }
  }

  /// Multiplies matrices of `Float`.
  package func multiplySingle(
    _ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ result: UnsafeMutableRawPointer
  ) {
    switch method {
    case .rows:
      unsafe vk_matmul_rows_f(left, right, result, rows, columns, depth, rowStride, depthStride)
    case .exchanged:
      unsafe vk_matmul_rows_f(right, left, result, 1, rows, depth, 0, 1)
    case .dots:
      unsafe vk_matmul_dots_f(left, right, result, rows, columns, depth)
    case .general:
      BLAS.prepare()
      unsafe cblas_sgemm(
        CblasRowMajor, transposeLeft ? CblasTrans : CblasNoTrans, transposeRight ? CblasTrans : CblasNoTrans,
        Int32(rows), Int32(columns), Int32(depth),
        Float(factor), left.assumingMemoryBound(to: Float.self), Int32(transposeLeft ? rows : depth),
        right.assumingMemoryBound(to: Float.self), Int32(transposeRight ? depth : columns),
        accumulates ? 1 : 0, result.assumingMemoryBound(to: Float.self), Int32(columns))
    }
  }

  /// Multiplies matrices of `Double`.
  package func multiplyDouble(
    _ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ result: UnsafeMutableRawPointer
  ) {
    switch method {
    case .rows:
      unsafe vk_matmul_rows_d(left, right, result, rows, columns, depth, rowStride, depthStride)
    case .exchanged:
      unsafe vk_matmul_rows_d(right, left, result, 1, rows, depth, 0, 1)
    case .dots:
      unsafe vk_matmul_dots_d(left, right, result, rows, columns, depth)
    case .general:
      BLAS.prepare()
      unsafe cblas_dgemm(
        CblasRowMajor, transposeLeft ? CblasTrans : CblasNoTrans, transposeRight ? CblasTrans : CblasNoTrans,
        Int32(rows), Int32(columns), Int32(depth),
        factor, left.assumingMemoryBound(to: Double.self), Int32(transposeLeft ? rows : depth),
        right.assumingMemoryBound(to: Double.self), Int32(transposeRight ? depth : columns),
        accumulates ? 1 : 0, result.assumingMemoryBound(to: Double.self), Int32(columns))
    }
  }

  private var rowStride: Int { transposeLeft ? 1 : depth }
  private var depthStride: Int { transposeLeft ? rows : 1 }
}
