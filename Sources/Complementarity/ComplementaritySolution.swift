public import LinearAlgebra

/// What a solver found for a complementarity problem.
public struct ComplementaritySolution: Sendable {
  /// Whether there is a solution.
  public enum Status: Sendable, Hashable {
    /// The conditions hold to rounding.
    case solved
    /// No `X` makes the slack positive semidefinite, as far as the solver could tell: nothing stabilises one of the directions.
    case unsolvable
  }

  /// Whether the conditions hold.
  public let status: Status
  /// `X`; where the solution is not unique, one in its middle.
  public let matrix: DenseMatrix
  /// `S = A + B[X]`.
  public let slack: DenseMatrix
  /// The certificate: by how much the conditions are missed, relative to what enters them.
  public let violation: Double
  /// Steps of the interior-point method; 0 where the answer was plain.
  public let iterations: Int
  /// By how much `B` was not positive semidefinite: its most negative eigenvalue over its largest, which was taken as 0.
  public let clipped: Double
}

extension ComplementarityProblem {
  /// A solution counts as one if it misses the conditions by less.
  public static let tolerance = 1e-7

  /// Solves the problem.
  ///
  /// A primal-dual interior-point method with Nesterov and Todd's directions (SIAM J. Optim. 8, 1998) and
  /// Mehrotra's corrector, then Newton's method on the normal map.
  ///
  /// The certificate is computed from the problem as it was given, so it does not depend on how the answer was found.
  ///
  /// - Returns: the solution, or the last iterate with the status that there is none.
  public func solve() -> ComplementaritySolution {
    if let plain = plainSolution { return plain }
    guard let scaled = ScaledProblem(self) else {
      return report(DenseMatrix(size, size), iterations: 0, clipped: 0)
    }
    let interior = scaled.followCentralPath()
    let polished = scaled.polish(interior.matrix, slack: interior.slack)
    let candidates = [interior.matrix] + (polished.map { [$0] } ?? [])
    let best = candidates.map { scaled.unit * $0 }.min { violation(at: $0) < violation(at: $1) }
    return report(best ?? interior.matrix, iterations: interior.iterations, clipped: scaled.clipped)
  }

  /// `X = 0` where nothing is critical.
  private var plainSolution: ComplementaritySolution? {
    guard size > 0 else { return report(constant, iterations: 0, clipped: 0) }
    guard let lowest = constant.symmetricEigen?.values.first, lowest >= 0 else { return nil }
    return report(DenseMatrix(size, size), iterations: 0, clipped: 0)
  }

  private func report(_ matrix: DenseMatrix, iterations: Int, clipped: Double) -> ComplementaritySolution {
    let violation = violation(at: matrix)
    return ComplementaritySolution(
      status: violation < Self.tolerance ? .solved : .unsolvable, matrix: matrix, slack: slack(at: matrix),
      violation: violation, iterations: iterations, clipped: clipped)
  }
}
