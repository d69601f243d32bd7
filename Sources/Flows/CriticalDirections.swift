import LinearAlgebra
import Spectra

/// The largest eigenvalues of `P^-1/2 H P^-1/2` at one point, and their eigenvectors `v` of norm 1, descending.
///
struct CriticalDirections<Scalar: RealScalar> {
  let values: [Double]
  let vectors: [Vector<Scalar>]
  let haveConverged: Bool
  /// How many are critical.
  let criticalCount: Int

  /// Throws `FlowEnding` where a flow cannot go on.
  init(_ pairs: Eigenpairs<Scalar>, _ settings: FlowSettings) throws(FlowEnding) {
    (values, vectors) = (pairs.values, pairs.vectors)
    haveConverged = pairs.status == .converged
    criticalCount = values.filter { $0 > settings.criticality }.count
    let largest = values.first ?? .nan
    guard pairs.status != .notFinite, largest.isFinite else { throw .notFinite }
    guard largest <= settings.sharpnessLimit else {
      throw .tooSharp(eigenvalue: largest, limit: settings.sharpnessLimit)
    }
    guard criticalCount <= settings.mostCritical else { throw .tooManyCritical(limit: settings.mostCritical) }
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

/// Follows critical directions along a flow.
struct CriticalTracker<Scalar: RealScalar>: Carrying {
  /// Which eigenvalues are followed.
  enum Reach { case largest, critical }

  private var tracker: SpectrumTracker<Scalar>
  private let settings: FlowSettings
  private let limit: Double
  private let seed: UInt64

  /// Follows the largest eigenvalue, or as well all that are critical or nearly so, and one below.
  init(_ reach: Reach, _ settings: FlowSettings, seed: UInt64) {
    (self.settings, self.seed) = (settings, seed)
    limit = reach == .largest ? .infinity : settings.tracking
    let method = BlockKrylov(
      count: 1, maximumCount: settings.mostCritical + 1, tolerance: settings.tolerance,
      maximumProducts: settings.maximumProducts)
    tracker = SpectrumTracker(method, coldInterval: settings.coldInterval)
  }

  /// Searches at the next point.
  ///
  /// - Throws: `FlowEnding` where a flow cannot go on from there, and what the objective throws.
  mutating func next(
    _ hessian: any SymmetricOperator<Scalar>, _ metric: FlowMetric<Scalar>, _ work: inout FlowWork
  ) throws -> CriticalDirections<Scalar> {
    let scaled = PreconditionedOperator(hessian)
    scaled.precondition(by: metric.scales)
    let random = Philox(
      seed: seed, stream: .flows, substream: UInt32(truncatingIfNeeded: tracker.state.searches))
    // What is known to a tolerance of 2 is known well enough next to the edge.
    let pairs = try tracker.next(scaled, above: limit, scale: 2, random: random)
    work.products += pairs.products
    return try CriticalDirections(pairs, settings)
  }

  var carried: CarriedState<Scalar> { tracker.state.carried }
  mutating func restore(_ state: CarriedState<Scalar>) -> Bool { tracker.state.restore(state) }
}
