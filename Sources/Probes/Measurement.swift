public import Learning
public import Schema
public import Spectra

/// Eigenvalues as they were found, and how well.
public struct Spectrum: Sendable, Equatable {
  /// Eigenvalues, largest algebraic value first.
  public var values: [Double]
  /// Residual norms `||A x - theta x||`: some eigenvalue lies within this distance of each value.
  public var residuals: [Double]

  /// Estimates of the errors from residuals and gaps, at most the residuals (`Eigenpairs.errors`).
  public var errors: [Double]
  /// Whether the residual of each pair reached the tolerance.
  public var converged: [Bool]

  /// Creates a spectrum of converged pairs of which no more than the residuals is known.
  public init(values: [Double], residuals: [Double]) {
    (self.values, self.residuals, errors) = (values, residuals, residuals)
    converged = values.map { _ in true }
  }

  /// Takes the numbers of eigenpairs.
  public init<Scalar>(_ pairs: Eigenpairs<Scalar>) {
    (values, residuals) = (pairs.values, pairs.residuals)
    (errors, converged) = (pairs.errors, pairs.converged)
  }
}

/// The weights at which a measurement is taken.
public enum MeasuredWeights: String, Sendable, Hashable, CaseIterable {
  /// `w_t`, before the update of step `t`.
  case iterate
  /// `(w_(t-1) + 2 w_t + w_(t+1)) / 4`, which averages an oscillation of period two out (Cohen et al. 2024, arXiv
  /// 2410.24206).
  case midpoint
}

/// What was measured at one step of a run.
public struct Measurement: Sendable {
  /// The step `t`, before the update of which the measurement is taken.
  public var step: Int
  /// The weights at which everything is measured.
  public var weights = MeasuredWeights.iterate
  /// The loss of the step's batch at these weights.
  public var loss = Double.nan
  /// The Euclidean norm of its gradient there.
  public var gradientNorm = Double.nan
  /// The optimizer's stability threshold for the preconditioned Hessian, `2 / (eta Q(-1))`.
  public var stabilityThreshold: Double
  /// Top eigenvalues of the Hessian.
  public var hessian: Spectrum
  /// Top eigenvalues of `P^(-1/2) (H + delta I) P^(-1/2)`, with `delta` the coupled weight decay; equal to `hessian`
  /// where that is `H`, nil when not asked for.
  public var preconditioned: Spectrum?
  /// The smallest eigenvalue of the Hessian, the most negative one; nil when not asked for.
  public var smallest: Spectrum?
  /// Hessian products of each eigenvalue solve; nil for what was not solved.
  public var solves = SolveProducts(hessian: 0)
  /// Values of the quantities that were asked for, by their variables in the sweep file.
  public var quantities: [Variable: [Double]] = [:]
  /// Hessian products this measurement took.
  public var products: Int
  /// Whether every wanted pair reached the tolerance.
  public var converged: Bool
  /// Squared cosine between the gradient and the top eigenvector of the Hessian.
  public var gradientAlignment: Double
  /// Loss and accuracy on the test examples, where there are any.
  public var test: BatchLoss?
}

/// Hessian products that the eigenvalue solves of a measurement took.
public struct SolveProducts: Sendable, Equatable {
  /// The top of the Hessian's spectrum.
  public var hessian: Int
  /// The top of the preconditioned Hessian's, where that is another matrix.
  public var preconditioned: Int?
  /// The bottom of the Hessian's.
  public var smallest: Int?
}
