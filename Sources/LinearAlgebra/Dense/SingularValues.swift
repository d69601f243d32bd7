internal import COpenBLAS

/// The decomposition `A = Q diag(values) V^T` of a square matrix, small values to high relative accuracy (LAPACK's
/// `dgesvj`).
public struct SingularValues: Sendable {
  /// The singular values, descending.
  public let values: [Double]
  /// The left vectors `Q`, as columns.
  public let left: DenseMatrix
  /// The right vectors `V`, as columns.
  public let right: DenseMatrix

  /// Decomposes a square matrix; nil where an element is not finite, or the rotations do not converge.
  public init?(_ matrix: DenseMatrix) {
    precondition(matrix.rows == matrix.columns, "only square matrices are decomposed here")
    guard matrix.rows > 0, matrix.elements.allSatisfy(\.isFinite) else { return nil }
    BLAS.prepare()
    let count = matrix.rows
    var (size, info, applied) = (Int32(count), Int32(0), Int32(0))
    // Row by row, a matrix is LAPACK's transpose, whose left vectors are the right ones here.
    var right = matrix.elements
    var left = [Double](repeating: 0, count: count * count)
    var values = [Double](repeating: 0, count: count)
    var work = [Double](repeating: 0, count: max(6, 2 * count))
    var (stride, workCount) = (size, Int32(work.count))
    unsafe dgesvj_(
      "G", "U", "V", &size, &size, &right, &stride, &values, &applied, &left, &stride, &work, &workCount,
      &info)
    guard info == 0 else { return nil }
    let scale = work[0]
    self.values = values.map { $0 * scale }
    (self.left, self.right) = (
      DenseMatrix(count, count, left).transposed, DenseMatrix(count, count, right).transposed
    )
  }
}
