import LinearAlgebra
import Spectra

/// The largest eigenvalues of `P^-1/2 H P^-1/2` at one point, and their eigenvectors `v` of norm 1, descending.
///
/// At least one of the eigenvalues is below the value from which on they are followed, unless there are too many.
struct CriticalDirections<Scalar: RealScalar> {
  let values: [Double]
  let vectors: [Vector<Scalar>]
  let haveConverged: Bool
  /// How many are critical.
  let criticalCount: Int
  /// Why a flow cannot go on from here; nil: it can.
  let ending: FlowEnding?

  init(_ pairs: Eigenpairs<Scalar>, _ settings: FlowSettings) {
    (values, vectors) = (pairs.values, pairs.vectors)
    haveConverged = pairs.status == .converged
    criticalCount = values.filter { $0 > settings.criticality }.count
    let largest = values.first ?? .nan
    if pairs.status == .notFinite || !largest.isFinite {
      ending = .notFinite
    } else if largest > settings.sharpnessLimit {
      ending = .tooSharp(eigenvalue: largest, limit: settings.sharpnessLimit)
    } else {
      ending = criticalCount > settings.mostCritical ? .tooManyCritical(limit: settings.mostCritical) : nil
    }
  }

  /// The critical directions `u = P^-1/2 v` with the present `P`, for which `u^T P u = 1`.
  func directions(_ metric: FlowMetric<Scalar>) -> [Vector<Scalar>] {
    let roots = Vector<Scalar>(count: metric.scales.count)
    roots.becomeInverseRoots(of: metric.scales)
    return vectors.prefix(criticalCount).map { vector in
      let direction = Vector<Scalar>(count: vector.count)
      direction.becomeProduct(of: vector, roots)
      return direction
    }
  }
}

/// Follows the critical directions along a flow.
struct CriticalTracker<Scalar: RealScalar>: Carrying {
  private var tracker: SpectrumTracker<Scalar>
  private let settings: FlowSettings
  private let seed: UInt64

  init(_ settings: FlowSettings, seed: UInt64) {
    (self.settings, self.seed) = (settings, seed)
    let method = BlockKrylov(
      count: 1, maximumCount: settings.mostCritical + 1, tolerance: settings.tolerance,
      maximumProducts: settings.maximumProducts)
    tracker = SpectrumTracker(method, coldInterval: settings.coldInterval)
  }

  /// Searches at the next point; every eigenvalue above the value from which on they are followed is wanted.
  mutating func next(
    _ hessian: any SymmetricOperator<Scalar>, _ metric: FlowMetric<Scalar>, _ work: inout FlowWork
  ) throws -> CriticalDirections<Scalar> {
    let scaled = PreconditionedOperator(hessian)
    scaled.precondition(by: metric.scales)
    let random = Philox(
      seed: seed, stream: .flows, substream: UInt32(truncatingIfNeeded: tracker.state.searches))
    // What is known to a tolerance of 2 is known well enough next to the edge.
    let pairs = try tracker.next(scaled, above: settings.tracking, scale: 2, random: random)
    work.products += pairs.products
    return CriticalDirections(pairs, settings)
  }

  var carried: CarriedState<Scalar> { tracker.state.carried }
  mutating func restore(_ state: CarriedState<Scalar>) -> Bool { tracker.state.restore(state) }
}

/// What a flow carries that follows critical directions: the optimizer's part, and the eigenvectors of the last search.
func carry<Scalar: RealScalar>(
  _ state: FlowState<Scalar>, _ tracker: CriticalTracker<Scalar>
) -> CarriedState<Scalar> {
  var carried = CarriedState<Scalar>()
  carried.add(state.carried, under: "optimizer")
  carried.add(tracker.carried, under: "critical")
  return carried
}

/// Takes back what such a flow has carried.
func takeBack<Scalar: RealScalar>(
  _ carried: CarriedState<Scalar>, _ state: inout FlowState<Scalar>, _ tracker: inout CriticalTracker<Scalar>
) -> Bool {
  state.restore(carried.part("optimizer")) && tracker.restore(carried.part("critical"))
}
