public import Learning

/// Eigenvalues as they were found: descending algebraic values and the residual norm of each pair.
public struct Spectrum: Sendable, Equatable {
  /// Eigenvalues, largest algebraic value first.
  public var values: [Double]
  /// Residual norms `||A x - theta x||`: some eigenvalue lies within this distance of each value.
  public var residuals: [Double]

  /// Creates a spectrum from values and residuals of equal count.
  public init(values: [Double], residuals: [Double]) {
    self.values = values
    self.residuals = residuals
  }
}

/// What was measured at one step of a run.
public struct Measurement: Sendable {
  /// The step `t`: everything is measured at the weights `w_t`, before the update of step `t`.
  public var step: Int
  /// The optimizer's stability threshold for the preconditioned Hessian, `2 / (eta Q(-1))`.
  public var stabilityThreshold: Double
  /// Top eigenvalues of the Hessian.
  public var hessian: Spectrum
  /// Top eigenvalues of `P^(-1/2) (H + delta I) P^(-1/2)`, with `delta` the coupled weight decay; equal to `hessian`
  /// where that is `H`, nil when not asked for.
  public var preconditioned: Spectrum?
  /// Values of the quantities that were asked for, by the names of their variables in the sweep file.
  public var quantities: [String: [Double]] = [:]
  /// Hessian products this measurement took.
  public var products: Int
  /// Whether every wanted pair reached the tolerance.
  public var converged: Bool
  /// Squared cosine between the gradient and the top eigenvector of the Hessian.
  public var gradientAlignment: Double
  /// Loss and accuracy on the test examples, where there are any.
  public var test: BatchLoss?
}
