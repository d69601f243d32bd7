import LinearAlgebra

/// A problem with `A` of norm 1 and `B` of mean eigenvalue 1, and the root of `B`: `B = F^T F`, which keeps the equations of a
/// step positive definite in floating point.
struct ScaledProblem {
  let packed: PackedSymmetric
  /// `A` over its norm.
  let constant: DenseMatrix
  /// `F`, of one row for every eigenvalue of `B` above 0.
  let root: DenseMatrix
  /// What a solution is multiplied by to become one of the problem as it was given.
  let unit: Double
  /// See `ComplementaritySolution.clipped`.
  let clipped: Double

  /// Nil where `B` is 0, or a number is not finite.
  init?(_ problem: ComplementarityProblem) {
    packed = problem.packed
    let sizeOfConstant = problem.constant.norm
    guard let eigen = problem.response.symmetricEigen, let largest = eigen.values.last, largest > 0,
      sizeOfConstant.isFinite
    else { return nil }
    let kept = eigen.values.indices.filter { eigen.values[$0] > largest * 1e-15 }
    let mean = kept.reduce(0) { $0 + eigen.values[$1] } / Double(packed.count)
    root = DenseMatrix(
      kept.count, packed.count,
      kept.flatMap { index in
        let factor = (eigen.values[index] / mean).squareRoot()
        return eigen.vector(index).map { factor * $0 }
      })
    constant = 1 / sizeOfConstant * problem.constant
    unit = sizeOfConstant / mean
    clipped = max(0, -(eigen.values.first ?? 0)) / largest
  }

  var size: Int { packed.size }

  /// `B[X]`.
  func response(to matrix: DenseMatrix) -> DenseMatrix {
    let column = DenseMatrix(packed.count, 1, packed.pack(matrix))
    return packed.unpack((root.transposed * (root * column)).elements)
  }
}
