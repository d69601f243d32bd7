public import Learning
public import LinearAlgebra
public import Optimizers
public import Spectra

/// Measures the top of the Hessian's and of the preconditioned Hessian's spectrum along a run.
///
/// Measured at `w_t` with the preconditioner that will be applied at `w_t`: the optimizer has absorbed the
/// gradient at `w_t` (Cohen et al. 2024, arXiv 2410.24206). Eigenvectors of one measurement start the next; now and
/// then a measurement starts cold, so that an eigenvalue that has crossed from below unseen is found.
public final class SharpnessProbe<Scalar: RealScalar> {
  private let solver: BlockKrylov
  private let isPreconditioned: Bool
  private let seed: UInt64
  private let objective: Objective<Scalar>
  private let hessian: HessianOperator<Scalar>
  private let preconditionedHessian: PreconditionedOperator<Scalar>
  private let diagonal: Vector<Scalar>
  private let workspace = Workspace<Scalar>()
  private var hessianSubspace: [Vector<Scalar>] = []
  private var preconditionedSubspace: [Vector<Scalar>] = []
  private var measurements = 0
  private var solves: UInt32 = 0

  /// Every so many measurements one starts cold.
  private static var coldInterval: Int { 20 }

  /// Creates a probe.
  ///
  /// - Parameters:
  ///   - objective: whose Hessian is measured.
  ///   - solver: the eigensolver's settings: how many pairs, to which tolerance, at which cost.
  ///   - preconditioned: whether to measure the preconditioned Hessian of adaptive optimizers too.
  ///   - seed: the run's seed, from which the solver's random directions are drawn.
  public init(objective: Objective<Scalar>, solver: BlockKrylov, preconditioned: Bool, seed: UInt64) {
    self.objective = objective
    self.solver = solver
    self.isPreconditioned = preconditioned
    self.seed = seed
    hessian = HessianOperator(objective)
    preconditionedHessian = PreconditionedOperator(hessian)
    diagonal = Vector(count: objective.parameterCount)
  }

  /// Measures at `weights`, whose gradient the optimizer has just absorbed.
  ///
  /// - Throws: what the objective throws, for example when its group of ranks is dissolved.
  public func measure(
    step: Int, weights: Vector<Scalar>, gradient: Vector<Scalar>, optimizer: any Optimizer<Scalar>,
    learningRate: Double
  ) throws -> Measurement {
    try objective.linearize(at: weights)
    forgetNowAndThen()
    let pairs = try solve(hessian, from: hessianSubspace)
    hessianSubspace = pairs.subspace
    var measurement = Measurement(
      step: step, stabilityThreshold: optimizer.filter.stabilityThreshold(learningRate: learningRate),
      hessian: Spectrum(values: pairs.values, residuals: pairs.residuals), preconditioned: nil,
      products: pairs.products, converged: pairs.status == .converged,
      gradientAlignment: alignment(of: gradient, with: pairs.vectors.first), test: nil)
    try addPreconditioned(to: &measurement, optimizer: optimizer)
    return measurement
  }

  private func forgetNowAndThen() {
    if measurements % Self.coldInterval == 0 { (hessianSubspace, preconditionedSubspace) = ([], []) }
    measurements += 1
  }

  private func addPreconditioned(
    to measurement: inout Measurement, optimizer: any Optimizer<Scalar>
  ) throws {
    guard optimizer.preconditioner(into: diagonal) else {
      measurement.preconditioned = measurement.hessian
      return
    }
    guard isPreconditioned else { return }
    preconditionedHessian.precondition(by: diagonal)
    let pairs = try solve(preconditionedHessian, from: preconditionedSubspace)
    preconditionedSubspace = pairs.subspace
    measurement.preconditioned = Spectrum(values: pairs.values, residuals: pairs.residuals)
    measurement.products += pairs.products
    measurement.converged = measurement.converged && pairs.status == .converged
  }

  private func solve(
    _ operator_: any SymmetricOperator<Scalar>, from subspace: [Vector<Scalar>]
  ) throws -> Eigenpairs<Scalar> {
    solves += 1
    let random = Philox(seed: seed, stream: .probes, substream: solves)
    return try solver.largestEigenpairs(
      of: operator_, startingFrom: subspace, random: random, workspace: workspace)
  }

  private func alignment(of gradient: Vector<Scalar>, with direction: Vector<Scalar>?) -> Double {
    guard let direction else { return .nan }
    let cosine = gradient.dot(direction) / (gradient.norm * direction.norm)
    return min(cosine * cosine, 1)
  }
}
