internal import LinearAlgebra
internal import Spectra

extension Measurement {
  /// Puts together what the eigenvalue solves found; the rest is filled in later.
  init<Scalar>(
    _ run: RunPoint<Scalar>, threshold: Double, hessian: Eigenpairs<Scalar>,
    preconditioned: PreconditionedSpectrum<Scalar>, smallest: Eigenpairs<Scalar>?
  ) {
    step = run.step
    weights = run.place
    (loss, gradientNorm) = (run.loss, run.gradient.norm)
    stabilityThreshold = threshold
    self.hessian = Spectrum(hessian)
    self.smallest = smallest.map { Spectrum($0).negated }
    solves = SolveProducts(hessian: hessian.products, smallest: smallest?.products)
    products = 0
    converged = hessian.status == .converged && smallest.map { $0.status == .converged } ?? true
    gradientAlignment = hessian.vectors.first.map { run.gradient.squaredCosine(with: $0) } ?? .nan
    switch preconditioned {
    case .same: self.preconditioned = self.hessian
    case .own(_, let pairs), .shifted(_, let pairs):
      self.preconditioned = Spectrum(pairs)
      solves.preconditioned = pairs.products
      converged = converged && pairs.status == .converged
    case .notMeasured: self.preconditioned = nil
    }
  }
}

extension Spectrum {
  /// The spectrum of `A`, where this is that of `-A`.
  fileprivate var negated: Spectrum {
    var result = self
    // Not `-$0`, which would make -0 of 0.
    result.values = values.map { 0 - $0 }
    return result
  }
}
