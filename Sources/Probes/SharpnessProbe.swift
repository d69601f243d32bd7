import Datasets
public import Learning
public import LinearAlgebra
public import Schema
public import Spectra

/// Which eigenvalues a probe measures, and how.
public struct SharpnessSettings: Sendable, Hashable {
  /// The eigensolver: how many pairs, to which tolerance, at which cost.
  public var solver: BlockKrylov
  /// Whether the preconditioned Hessian of adaptive optimizers is measured too.
  public var preconditioned: Bool
  /// Whether the smallest eigenvalue of the Hessian is measured too.
  public var smallest: Bool
  /// Every eigenvalue above this fraction of the stability threshold is wanted, up to the solver's
  /// `maximumCount`; nil: always the same number.
  public var track: Double?
  /// Every so many measurements one starts cold; nil: only the first.
  public var coldInterval: Int?

  /// Creates settings.
  public init(
    solver: BlockKrylov, preconditioned: Bool = true, smallest: Bool = false, track: Double? = nil,
    coldInterval: Int? = 50
  ) {
    (self.solver, self.preconditioned, self.smallest) = (solver, preconditioned, smallest)
    (self.track, self.coldInterval) = (track, coldInterval)
  }
}

/// Measures the top of the Hessian's and of the preconditioned Hessian's spectrum along a run.
///
/// Measured at `w_t` (or its midpoint iterate) with the preconditioner that will be applied at `w_t`: the optimizer
/// has absorbed the gradient at `w_t` (Cohen et al. 2024, arXiv 2410.24206). Eigenvectors of one measurement start the
/// next; now and then a measurement starts cold, so that an eigenvalue that has crossed from below unseen is found.
public final class SharpnessProbe<Scalar: RealScalar>: Carrying {
  private let settings: SharpnessSettings
  private let seed: UInt64
  private let objective: Objective<Scalar>
  private let quantities: [any Quantity<Scalar>]
  /// The examples over which the Hessian is averaged.
  public let batch: Batch
  private let diagonal: Vector<Scalar>
  private let workspace = Workspace<Scalar>()
  private var top: SpectrumTracker<Scalar>
  private var preconditionedTop: SpectrumTracker<Scalar>
  private var bottom: SpectrumTracker<Scalar>
  private var measurements = 0
  /// The weights of the last measurement; nil before the first.
  private var lastWeights: Vector<Scalar>?

  /// Creates a probe.
  ///
  /// - Parameters:
  ///   - objective: whose Hessian is measured.
  ///   - examples: over which it is averaged.
  ///   - settings: which eigenvalues are measured, and how.
  ///   - quantities: what else is measured.
  ///   - seed: the run's seed, from which random directions are drawn.
  public init(
    objective: Objective<Scalar>, over examples: Batch = .full, settings: SharpnessSettings,
    quantities: [any Quantity<Scalar>] = [], seed: UInt64
  ) {
    (self.objective, self.settings, self.quantities) = (objective, settings, quantities)
    self.seed = seed
    batch = examples
    diagonal = Vector(count: objective.parameterCount)
    let solver = settings.solver
    top = SpectrumTracker(solver, coldInterval: settings.coldInterval)
    preconditionedTop = top
    bottom = SpectrumTracker(
      BlockKrylov(
        count: 1, tolerance: solver.tolerance, maximumProducts: solver.maximumProducts,
        maximumBasis: solver.maximumBasis), coldInterval: settings.coldInterval)
  }

  /// What the searches carry from one measurement to the next, and what the quantities do.
  public var carried: CarriedState<Scalar> {
    var state = CarriedState<Scalar>()
    state.numbers["measurements"] = Double(measurements)
    state.vectors["weights"] = lastWeights
    state.add(top.state.carried, under: "hessian")
    state.add(preconditionedTop.state.carried, under: "preconditioned")
    state.add(bottom.state.carried, under: "smallest")
    for (index, quantity) in quantities.enumerated() {
      state.add(quantity.carried, under: "quantity\(index)")
    }
    return state
  }

  /// Takes back what a probe of the same run has carried.
  public func restore(_ state: CarriedState<Scalar>) -> Bool {
    guard let count = state.count("measurements"), top.state.restore(state.part("hessian")),
      preconditionedTop.state.restore(state.part("preconditioned")),
      bottom.state.restore(state.part("smallest"))
    else { return false }
    let weights = state.vectors["weights"]
    guard (weights == nil) == (count == 0) else { return false }
    (measurements, lastWeights) = (count, weights)
    return quantities.indices.allSatisfy { quantities[$0].restore(state.part("quantity\($0)")) }
  }

  /// What the quantities say of the whole run: texts by their variables.
  public var labels: [Variable: [String]] {
    quantities.reduce(into: [:]) { $0.merge($1.labels) { first, _ in first } }
  }

  /// Measures where a run stands.
  ///
  /// - Throws: what the objective throws, for example when its group leaves the run; the probe is then to be restored to
  ///   what it carried before.
  public func measure(at run: RunPoint<Scalar>) throws -> Measurement {
    let counter = ProductCounter()
    let hessian = HessianOperator(try linearized(at: run), counter: counter)
    let (threshold, shift) = (run.stability.threshold, run.stability.shift)
    let isAdaptive = run.stability.preconditioner(diagonal)
    let limit = settings.track.map { $0 * threshold } ?? .infinity
    let last = LastVectors(
      hessian: top.lastVectors, preconditioned: isAdaptive ? preconditionedTop.lastVectors : top.lastVectors)

    let moved = displacement(to: run.weights)
    let pairs = try top.next(
      hessian, movedBy: moved, above: isAdaptive ? .infinity : limit - shift, random: random(0),
      workspace: workspace)
    let second =
      try isAdaptive
      ? solvePreconditioned(hessian, movedBy: moved, above: limit, shift) : shifted(pairs, by: shift)
    let lowest = try settings.smallest ? solveSmallest(hessian, scale: abs(pairs.values[0]) / 10) : nil
    var measurement = Measurement(
      run, threshold: threshold, hessian: pairs, preconditioned: second, smallest: lowest)
    let point = MeasurementPoint(
      run, index: measurements, objective: objective, hessian: hessian, counter: counter,
      hessianPairs: pairs, preconditioned: second, lastVectors: last, seed: seed)
    for quantity in quantities {
      measurement.quantities.merge(try quantity.measure(at: point)) { first, _ in first }
    }
    measurement.products = counter.products
    measurements += 1
    remember(run.weights)
    return measurement
  }

  /// How the weights have moved since the last measurement.
  private func displacement(to weights: Vector<Scalar>) -> Vector<Scalar>? {
    guard let lastWeights else { return nil }
    let result = Vector<Scalar>(count: weights.count)
    result.combine([weights, lastWeights], factors: [1, -1])
    return result
  }

  /// Takes a copy, because what was carried must not change.
  private func remember(_ weights: Vector<Scalar>) {
    let copy = Vector<Scalar>(count: weights.count)
    copy.copy(from: weights)
    lastWeights = copy
  }

  private func linearized(at run: RunPoint<Scalar>) throws -> LinearizedObjective<Scalar> {
    if let known = run.linearized, known.batch == batch { return known }
    return try objective.linearize(at: run.weights, batch: batch)
  }

  private func solvePreconditioned(
    _ hessian: HessianOperator<Scalar>, movedBy displacement: Vector<Scalar>?, above limit: Double,
    _ shift: Double
  ) throws -> PreconditionedSpectrum<Scalar> {
    guard settings.preconditioned else { return .notMeasured }
    let preconditionedHessian = PreconditionedOperator(hessian)
    preconditionedHessian.precondition(by: diagonal, shift: shift)
    let pairs = try preconditionedTop.next(
      preconditionedHessian,
      movedBy: displacement.map { preconditionedHessian.coordinates(of: $0, diagonal) }, above: limit,
      random: random(1), workspace: workspace)
    return .own(preconditionedHessian, pairs)
  }

  /// Coupled weight decay alone moves the spectrum of the Hessian.
  private func shifted(_ pairs: Eigenpairs<Scalar>, by shift: Double) -> PreconditionedSpectrum<Scalar> {
    shift == 0 ? .same : .shifted(by: shift, pairs.shifted(by: shift))
  }

  /// The tolerance refers to a tenth of the largest eigenvalue at least: the smallest may be zero.
  private func solveSmallest(
    _ hessian: HessianOperator<Scalar>, scale: Double
  ) throws -> Eigenpairs<Scalar> {
    try bottom.next(NegatedOperator(hessian), scale: scale, random: random(2), workspace: workspace)
  }

  /// Random directions for one of the searches of a measurement.
  private func random(_ search: Int) -> Philox {
    Philox(seed: seed, stream: .probes, substream: UInt32(truncatingIfNeeded: 3 * measurements + search))
  }
}
