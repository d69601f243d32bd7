internal import COpenBLAS
package import CVectorKernels

/// A product of two row-major matrices: `result [rows, columns] = left [rows, depth] right [depth, columns]`,
/// perhaps scaled, perhaps added to what the result holds; or a batch of them, one after the other in memory.
///
/// OpenBLAS multiplies what is large. Where the product is small, or a dimension tiny, its set-up costs too much, and the
/// program's own loops do the work. Which of the two it is depends on the sizes only (decision 0026).
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
  /// The number of products.
  public let batch: Int
  /// What the product is multiplied by.
  public private(set) var factor = 1.0
  /// Whether the product is added to the result.
  public private(set) var accumulates = false
  private let method: Method

  private enum Method {
    /// Every element of the result is a sum in the order of its terms.
    case own
    /// The same with the operands exchanged, for a result of one column.
    case exchanged
    /// Every element of the result is a scalar product.
    case dots
    case general
  }

  /// Up to so many multiplications our own loops are at least as fast as OpenBLAS.
  private static let smallest = 1 << 18

  /// Creates a product from its sizes.
  public init(
    rows: Int, columns: Int, depth: Int, transposeLeft: Bool = false, transposeRight: Bool = false,
    batch: Int = 1
  ) {
    precondition(rows > 0 && columns > 0 && depth > 0 && batch > 0, "a matrix product needs positive sizes")
    (self.rows, self.columns, self.depth, self.batch) = (rows, columns, depth, batch)
    (self.transposeLeft, self.transposeRight) = (transposeLeft, transposeRight)
    // A matrix of one row or column is stored like its transpose.
    let leftRowsAreDense = !transposeLeft || rows == 1
    let rightColumnsAreDense = transposeRight || columns == 1
    let isSmall =
      rows * columns * depth <= Self.smallest && (!transposeRight || depth <= Int(VK_DEEPEST))
    if depth == 1 || !transposeRight && columns >= 8 && min(rows, depth) <= 4 {
      method = .own
    } else if leftRowsAreDense && rightColumnsAreDense && min(rows, columns) <= 4 {
      method = .dots
    } else if columns == 1 {
      method = .exchanged
    } else {
      method = isSmall ? .own : .general
    }
  }

  /// The product times `factor`, perhaps added to the result; nil where the elements are scalar products, which
  /// can be neither.
  public func scaled(by factor: Double, accumulates: Bool = false) -> MatrixProduct? {
    guard method != .dots else { return nil }
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
      left.count == batch * rows * depth && right.count == batch * depth * columns
        && result.count == batch * rows * columns,
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
    unsafe multiply(Float.self, left, right, result) { left, right, result in
      unsafe cblas_sgemm(
        CblasRowMajor, transposeLeft ? CblasTrans : CblasNoTrans, transposeRight ? CblasTrans : CblasNoTrans,
        Int32(rows), Int32(columns), Int32(depth), Float(factor), left, Int32(transposeLeft ? rows : depth),
        right, Int32(transposeRight ? depth : columns), accumulates ? 1 : 0, result, Int32(columns))
    }
  }

  /// Multiplies matrices of `Double`.
  package func multiplyDouble(
    _ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ result: UnsafeMutableRawPointer
  ) {
    unsafe multiply(Double.self, left, right, result) { left, right, result in
      unsafe cblas_dgemm(
        CblasRowMajor, transposeLeft ? CblasTrans : CblasNoTrans, transposeRight ? CblasTrans : CblasNoTrans,
        Int32(rows), Int32(columns), Int32(depth), factor, left, Int32(transposeLeft ? rows : depth),
        right, Int32(transposeRight ? depth : columns), accumulates ? 1 : 0, result, Int32(columns))
    }
  }

  @inline(__always)
  private func multiply<Scalar: RealScalar>(
    _: Scalar.Type, _ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ result: UnsafeMutableRawPointer,
    general: (UnsafePointer<Scalar>, UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
  ) {
    if let loops = loops(Scalar.self) { return unsafe loops.multiply(left, right, result) }
    let left = unsafe left.assumingMemoryBound(to: Scalar.self)
    let right = unsafe right.assumingMemoryBound(to: Scalar.self)
    let result = unsafe result.assumingMemoryBound(to: Scalar.self)
    BLAS.prepare()
    for index in 0..<batch {
      let (a, b) = unsafe (left + index * rows * depth, right + index * depth * columns)
      unsafe general(a, b, result + index * rows * columns)
    }
  }
}

// MARK: - Our own loops

extension MatrixProduct {
  /// A product by our own loops, made ready.
  @safe package struct Loops {
    /// Shape, left, right, result.
    package typealias Kernel =
      @convention(c) (
        UnsafePointer<vk_product>, UnsafeRawPointer, UnsafeRawPointer, UnsafeMutableRawPointer
      ) -> Void

    /// What is called.
    package let kernel: Kernel
    /// The shape it is called with.
    package let shape: vk_product
    /// Whether the operands change places.
    package let isExchanged: Bool

    /// Multiplies operands that stand in the order of the product.
    func multiply(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ result: UnsafeMutableRawPointer) {
      let (first, second) = unsafe isExchanged ? (right, left) : (left, right)
      unsafe withUnsafePointer(to: shape) { unsafe kernel($0, first, second, result) }
    }
  }

  /// What multiplies matrices of a scalar type; nil where that is OpenBLAS.
  package func loops<Scalar: RealScalar>(_: Scalar.Type) -> Loops? {
    let kernels = unsafe Scalar.kernels.pointee
    return switch method {
    case .own: unsafe Loops(kernel: kernels.multiply_matrices, shape: shape, isExchanged: false)
    case .exchanged: unsafe Loops(kernel: kernels.multiply_matrices, shape: exchangedShape, isExchanged: true)
    case .dots: unsafe Loops(kernel: kernels.multiply_by_dots, shape: shape, isExchanged: false)
    case .general: nil
    }
  }

  private var shape: vk_product {
    vk_product(
      count: batch, rows: rows, columns: columns, depth: depth, row_stride: transposeLeft ? 1 : depth,
      depth_stride: transposeLeft ? rows : 1, factor: factor, transposed: transposeRight && depth > 1,
      accumulates: accumulates)
  }

  /// The transpose of the product: a row times `left`, which is stored as its transpose.
  private var exchangedShape: vk_product {
    vk_product(
      count: batch, rows: 1, columns: rows, depth: depth, row_stride: 0, depth_stride: 1, factor: factor,
      transposed: false, accumulates: accumulates)
  }
}
