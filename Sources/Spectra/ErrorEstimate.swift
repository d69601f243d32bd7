/// What residuals say about the errors of Ritz values.
///
/// Some eigenvalue lies within the residual norm `r` of a Ritz value `theta`: that always holds. Where no
/// other eigenvalue lies within `gap` of `theta`, it is much closer: within `r^2 / gap` (Kato-Temple; Parlett,
/// The Symmetric Eigenvalue Problem, theorem 11.7.1).
enum ErrorEstimate {
  /// `min(r, r^2 / gap)` for the first `wanted` of some Ritz values, which descend.
  ///
  /// The gap is taken to the other values, less their own residuals. It is right when every eigenvalue
  /// nearby belongs to one of the values: an eigenvalue that the search has not seen is not accounted for. Without a value
  /// below, and unless the space is complete, nothing is known there, and the residual itself stands.
  static func errors(
    values: [Double], residuals: [Double], wanted: Int, isComplete: Bool
  ) -> [Double] {
    (0..<wanted).map { index in
      let others = values.indices.filter { $0 != index }
      guard isComplete || index + 1 < values.count else { return residuals[index] }
      let gap = others.map { abs(values[index] - values[$0]) - residuals[$0] }.min() ?? .infinity
      return gap > residuals[index] ? residuals[index] * (residuals[index] / gap) : residuals[index]
    }
  }
}
