public import LinearAlgebra

/// The largest algebraic eigenvalues found, with what is known about their errors.
public struct Eigenpairs<Scalar: RealScalar> {
  /// The Ritz values, descending; NaN where the status is `notFinite`.
  public let values: [Double]
  /// The norms `||A x - theta x||` of the residuals: some eigenvalue lies within this distance of each value.
  public let residuals: [Double]
  /// Estimates `min(r, r^2 / gap)` of the values' errors from residuals `r` and the gap to the other values.
  ///
  /// They hold where every eigenvalue nearby belongs to one of the values found or to the best Ritz value
  /// below them (Kato-Temple). Where the last search knew a better one than that, the last value has its residual.
  public let errors: [Double]
  /// Whether the residual of each pair is below the tolerance.
  public let converged: [Bool]
  /// The Ritz vectors `x` of norm 1 in the order of the values; none where the status is `notFinite`.
  public let vectors: [Vector<Scalar>]
  /// What to start the next search from; nil where the status is `notFinite`.
  public let start: WarmStart<Scalar>?
  /// The number of products with the operator.
  public let products: Int
  /// Why the search ended.
  public let status: SolverStatus
}

extension Eigenpairs {
  /// The eigenpairs of `A + delta I`, which take no further product.
  public func shifted(by delta: Double) -> Eigenpairs {
    Eigenpairs(
      values: values.map { $0 + delta }, residuals: residuals, errors: errors, converged: converged,
      vectors: vectors, start: start, products: 0, status: status)
  }
}

/// Why a search for eigenvalues ended.
///
/// Anything but convergence is a result to report, not an error.
public enum SolverStatus: String, Sendable, Hashable {
  /// Every residual is below the tolerance and, with a limit, no further eigenvalue seems to lie above it.
  case converged
  /// The number of products allowed is used up.
  case maximumProducts = "maximum products"
  /// The search space cannot grow any more.
  case stagnated
  /// A product held an infinite number or NaN.
  case notFinite = "not finite"
}
