internal import COpenBLAS

/// The factor `L` of a symmetric positive definite matrix `L L^T`, in `Double` (LAPACK's `dpotrf`).
public struct Cholesky: Sendable {
  /// The lower triangular factor.
  public let factor: DenseMatrix

  /// Factors a matrix, of which only the lower triangle is read; nil where it is not positive definite or not finite.
  public init?(_ matrix: DenseMatrix) {
    precondition(matrix.rows == matrix.columns, "only square matrices have a Cholesky factor")
    guard matrix.elements.allSatisfy(\.isFinite) else { return nil }
    BLAS.prepare()
    var (factor, size, info) = (matrix, Int32(matrix.rows), Int32(0))
    var stride = max(size, 1)
    // LAPACK's upper triangle, column by column, is the lower one, row by row.
    unsafe dpotrf_("U", &size, &factor.elements, &stride, &info)
    guard info == 0 else { return nil }
    for row in 0..<matrix.rows {
      for column in row + 1..<max(matrix.rows, row + 1) { factor[row, column] = 0 }
    }
    self.factor = factor
  }

  /// The solution `x` of `L L^T x = right`.
  public func solve(_ right: [Double]) -> [Double] {
    precondition(right.count == factor.rows, "a right-hand side has as many elements as the matrix has rows")
    var (solution, size, columns, info) = (right, Int32(factor.rows), Int32(1), Int32(0))
    var stride = max(size, 1)
    unsafe dpotrs_("U", &size, &columns, factor.elements, &stride, &solution, &stride, &info)
    return solution
  }
}
