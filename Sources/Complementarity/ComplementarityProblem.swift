public import LinearAlgebra

/// The semidefinite linear complementarity problem.
///
/// Find symmetric `X` with
///
///     X >= 0,   S = A + B[X] >= 0,   <X, S> = 0
///
/// in the order of positive semidefinite matrices. `X` is the covariance of an oscillation, per unit of time, in `size`
/// nearly critical directions; `S` is how far the curvature stays below its limit there (Central flows, arXiv 2410.24206,
/// appendix on the differential complementarity problem).
///
/// `B` is a symmetric positive semidefinite map of symmetric matrices, given as the matrix of its action on
/// `PackedSymmetric` coordinates. Then the problem is the optimality condition of a convex quadratic program, so `S`, `B[X]`
/// and all that depends on `X` through them are unique even where `X` is not.
public struct ComplementarityProblem: Sendable {
  /// The number k of directions.
  public let size: Int
  /// `A`: symmetric, k by k.
  public let constant: DenseMatrix
  /// `B`: symmetric, d by d with d = k (k + 1) / 2.
  public let response: DenseMatrix

  /// States a problem.
  ///
  /// - Parameters:
  ///   - constant: `A`, symmetric.
  ///   - response: `B` in packed coordinates, symmetric; positive semidefinite but for rounding.
  public init(constant: DenseMatrix, response: DenseMatrix) {
    packed = PackedSymmetric(size: constant.rows)
    precondition(constant.rows == constant.columns, "A is a square matrix")
    precondition(
      response.rows == packed.count && response.columns == packed.count, "B acts on packed matrices")
    (size, self.constant, self.response) = (constant.rows, constant, response)
  }

  /// Coordinates of symmetric matrices of this size.
  let packed: PackedSymmetric

  /// `A + B[X]`.
  public func slack(at matrix: DenseMatrix) -> DenseMatrix {
    let column = DenseMatrix(packed.count, 1, packed.pack(matrix))
    return constant + packed.unpack((response * column).elements)
  }

  /// By how much a matrix misses the three conditions, relative to the sizes of what enters them: 0 for an exact solution.
  ///
  /// The largest of the negative parts of `X` and `S` and of the mean product of both.
  public func violation(at matrix: DenseMatrix) -> Double {
    let slack = slack(at: matrix)
    let (sizeOfSlack, sizeOfMatrix) = (constant.norm, matrix.norm)
    guard sizeOfSlack > 0, matrix.elements.allSatisfy(\.isFinite) else {
      return sizeOfSlack > 0 ? .infinity : 0
    }
    let negativeSlack = max(0, -lowest(of: slack)) / sizeOfSlack
    guard sizeOfMatrix > 0 else { return negativeSlack }
    let negative = max(0, -lowest(of: matrix)) / sizeOfMatrix
    return max(negativeSlack, negative, abs(matrix.dot(slack)) / (sizeOfMatrix * sizeOfSlack))
  }

  private func lowest(of matrix: DenseMatrix) -> Double { matrix.symmetricEigen?.values.first ?? -.infinity }
}
