public import Learning
public import LinearAlgebra
public import Optimizers
public import Spectra

/// Measures the top of the Hessian's and of the preconditioned Hessian's spectrum along a run.
///
/// Measured at `w_t` with the preconditioner that will be applied at `w_t`: the optimizer has absorbed the
/// gradient at `w_t` (Cohen et al. 2024, arXiv 2410.24206). Eigenvectors of one measurement start the next.
public final class SharpnessProbe<Scalar: RealScalar> {
  private let solver: BlockKrylov
  private let preconditioned: Bool
  private let seed: UInt64
  private var hessianVectors: [Vector<Scalar>] = []
  private var preconditionedVectors: [Vector<Scalar>] = []
  private var solves: UInt32 = 0

  /// Creates a probe.
  ///
  /// - Parameters:
  ///   - solver: the eigensolver's settings: how many pairs, to which tolerance, at which cost.
  ///   - preconditioned: whether to measure the preconditioned Hessian of adaptive optimizers too.
  ///   - seed: the run's seed, from which the solver's random directions are drawn.
  public init(solver: BlockKrylov, preconditioned: Bool, seed: UInt64) {
    self.solver = solver
    self.preconditioned = preconditioned
    self.seed = seed
  }

  /// Measures at `weights`, whose gradient the optimizer has just absorbed.
  ///
  /// - Throws: what the objective throws, for example when its group of ranks is dissolved.
  public func measure(
    step: Int, objective: Objective<Scalar>, weights: Vector<Scalar>, gradient: Vector<Scalar>,
    optimizer: any Optimizer<Scalar>, learningRate: Double
  ) throws -> Measurement {
    try objective.linearize(at: weights)
    let operator_ = HessianOperator(objective)
    let plain = try solve(operator_, start: hessianVectors)
    hessianVectors = plain.vectors
    var measurement = Measurement(
      step: step, stabilityThreshold: optimizer.filter.stabilityThreshold(learningRate: learningRate),
      hessian: Spectrum(values: plain.values, residuals: plain.residuals), preconditioned: nil,
      products: plain.products, converged: plain.status == .converged,
      gradientAlignment: alignment(of: gradient, with: plain.vectors.first), test: nil)
    try addPreconditioned(to: &measurement, operator_, optimizer: optimizer)
    return measurement
  }

  private func addPreconditioned(
    to measurement: inout Measurement, _ hessian: HessianOperator<Scalar>,
    optimizer: any Optimizer<Scalar>
  ) throws {
    guard preconditioned else { return }
    let diagonal = Vector<Scalar>(count: hessian.dimension)
    guard optimizer.preconditioner(into: diagonal) else {
      measurement.preconditioned = measurement.hessian
      return
    }
    let pairs = try solve(
      PreconditionedOperator(hessian, preconditioner: diagonal), start: preconditionedVectors)
    preconditionedVectors = pairs.vectors
    measurement.preconditioned = Spectrum(values: pairs.values, residuals: pairs.residuals)
    measurement.products += pairs.products
    measurement.converged = measurement.converged && pairs.status == .converged
  }

  private func solve(
    _ operator_: any SymmetricOperator<Scalar>, start: [Vector<Scalar>]
  ) throws -> Eigenpairs<Scalar> {
    solves += 1
    return try solver.largestEigenpairs(
      of: operator_, startingFrom: start,
      random: Philox(seed: seed, stream: .probes, substream: solves))
  }

  private func alignment(of gradient: Vector<Scalar>, with direction: Vector<Scalar>?) -> Double {
    guard let direction else { return .nan }
    let cosine = gradient.dot(direction) / (gradient.norm * direction.norm)
    return cosine * cosine
  }
}
