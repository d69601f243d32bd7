public import Learning
public import LinearAlgebra
internal import Optimizers
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
  private let quantities: [any Quantity<Scalar>]
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
  ///   - examples: over which it is averaged.
  ///   - solver: the eigensolver's settings: how many pairs, to which tolerance, at which cost.
  ///   - preconditioned: whether to measure the preconditioned Hessian of adaptive optimizers too.
  ///   - quantities: what else is measured.
  ///   - seed: the run's seed, from which random directions are drawn.
  public init(
    objective: Objective<Scalar>, over examples: Batch = .full, solver: BlockKrylov, preconditioned: Bool,
    quantities: [any Quantity<Scalar>] = [], seed: UInt64
  ) {
    self.quantities = quantities
    self.objective = objective
    self.solver = solver
    self.isPreconditioned = preconditioned
    self.seed = seed
    hessian = HessianOperator(objective, over: examples)
    preconditionedHessian = PreconditionedOperator(hessian)
    diagonal = Vector(count: objective.parameterCount)
  }

  /// Measures where a run stands.
  ///
  /// - Throws: what the objective throws, for example when its group of ranks is dissolved.
  public func measure(at run: RunPoint<Scalar>) throws -> Measurement {
    let productsBefore = hessian.products
    try hessian.linearize(at: run.weights)
    forgetNowAndThen()
    let pairs = try solve(hessian, from: hessianSubspace)
    hessianSubspace = pairs.subspace
    var measurement = Measurement(
      step: run.step,
      stabilityThreshold: run.optimizer.stabilityThreshold(learningRate: run.learningRate),
      hessian: Spectrum(values: pairs.values, residuals: pairs.residuals), preconditioned: nil,
      products: 0, converged: pairs.status == .converged,
      gradientAlignment: alignment(of: run.gradient, with: pairs.vectors.first), test: nil)
    let preconditioned = try addPreconditioned(to: &measurement, pairs, optimizer: run.optimizer)
    let point = MeasurementPoint(
      run, index: measurements - 1, objective: objective, hessian: hessian, hessianPairs: pairs,
      preconditioned: preconditioned, seed: seed)
    for quantity in quantities {
      measurement.quantities.merge(try quantity.measure(at: point)) { first, _ in first }
    }
    measurement.products = hessian.products - productsBefore
    return measurement
  }

  /// What the quantities say of the whole run: texts by the names of their variables.
  public var labels: [String: [String]] {
    quantities.reduce(into: [:]) { $0.merge($1.labels) { first, _ in first } }
  }

  private func forgetNowAndThen() {
    if measurements % Self.coldInterval == 0 { (hessianSubspace, preconditionedSubspace) = ([], []) }
    measurements += 1
  }

  private func addPreconditioned(
    to measurement: inout Measurement, _ hessianPairs: Eigenpairs<Scalar>, optimizer: any Optimizer<Scalar>
  ) throws -> PreconditionedSpectrum<Scalar> {
    let shift = optimizer.decay.coupled
    guard optimizer.preconditioner(into: diagonal) else {
      measurement.preconditioned = measurement.hessian
      guard shift != 0 else { return .same }
      diagonal.fill(1)
      preconditionedHessian.precondition(by: diagonal, shift: shift)
      let pairs = hessianPairs.shifted(by: shift)
      measurement.preconditioned?.values = pairs.values
      return .own(preconditionedHessian, pairs)
    }
    guard isPreconditioned else { return .notMeasured }
    preconditionedHessian.precondition(by: diagonal, shift: shift)
    let pairs = try solve(preconditionedHessian, from: preconditionedSubspace)
    preconditionedSubspace = pairs.subspace
    measurement.preconditioned = Spectrum(values: pairs.values, residuals: pairs.residuals)
    measurement.converged = measurement.converged && pairs.status == .converged
    return .own(preconditionedHessian, pairs)
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
    direction.map { gradient.squaredCosine(with: $0) } ?? .nan
  }
}
