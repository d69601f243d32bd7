internal import COpenBLAS

/// All eigenvalues and eigenvectors of a small dense symmetric matrix, in `Double` (LAPACK's `dsyevd`).
public struct SymmetricEigen: Sendable {
  /// The eigenvalues, ascending.
  public let values: [Double]
  /// The orthonormal eigenvectors one after the other, in the order of the values.
  public let vectors: [Double]

  /// Decomposes a matrix of `dimension` rows, of which only the lower triangle (row-major) is read.
  ///
  /// Nil where an element is not finite, or the iteration does not converge.
  public init?(_ matrix: [Double], dimension: Int) {
    precondition(
      matrix.count == dimension * dimension, "the matrix does not have \(dimension) rows and columns")
    guard matrix.allSatisfy(\.isFinite) else { return nil }
    guard dimension > 0 else {
      (values, vectors) = ([], [])
      return
    }
    var (matrix, values) = (matrix, [Double](repeating: 0, count: dimension))
    guard Self.decompose(&matrix, &values, Int32(dimension)) else { return nil }
    (self.values, vectors) = (values, matrix)
  }

  /// The eigenvector that belongs to `values[index]`.
  public func vector(_ index: Int) -> ArraySlice<Double> {
    vectors[index * values.count..<(index + 1) * values.count]
  }

  /// Replaces the matrix by its eigenvectors.
  ///
  /// LAPACK's upper triangle, column-major, is the lower one, row-major.
  private static func decompose(_ matrix: inout [Double], _ values: inout [Double], _ n: Int32) -> Bool {
    // LAPACK calls the same library: bits must not depend on whether a multiplication came first.
    BLAS.prepare()
    var work = [Double](repeating: 0, count: 1 + 6 * Int(n) + 2 * Int(n) * Int(n))
    var integerWork = [Int32](repeating: 0, count: 3 + 5 * Int(n))
    var (n, info) = (n, Int32(0))
    var workCount = Int32(work.count), integerWorkCount = Int32(integerWork.count)
    var stride = n
    unsafe dsyevd_(
      "V", "U", &n, &matrix, &stride, &values, &work, &workCount, &integerWork, &integerWorkCount, &info)
    return info == 0
  }
}
