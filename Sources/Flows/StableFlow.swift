import LinearAlgebra

/// The flow of an optimizer that does not oscillate (central flows, arXiv 2410.24206, section 3).
///
///     dw/dt = -P^-1 grad L,     dnu/dt = kappa (s(grad L) - nu)
///
/// Euler's method, with a substep of at most half the inverse of the largest eigenvalue of `P^-1 H`, and at least 4 of them.
struct StableFlow<Scalar: RealScalar>: FlowMotion {
  let settings: FlowSettings
  var tracker: CriticalTracker<Scalar>

  mutating func advance(
    _ point: inout FlowPoint<Scalar>, _ known: KnownGradient<Scalar>?
  ) throws -> FlowPrediction {
    let hessian = try point.linearize(known)
    let spectrum = try tracker.next(hessian, point.metric(at: 0), &point.work)
    let prediction = point.prediction(spectrum)
    let count = max(settings.substeps ?? 4, Int((2 * spectrum.values[0]).rounded(.up)))
    for substep in 0..<count {
      if substep > 0 { try point.differentiate() }
      let metric = point.metric(at: Double(substep) / Double(count))
      point.move(
        along: point.gradient, squares: metric.pooling.squares(of: point.gradient), by: 1 / Double(count),
        metric)
    }
    return prediction
  }

  var carried: CarriedState<Scalar> { tracker.carried }

  mutating func restore(_ carried: CarriedState<Scalar>) -> Bool { tracker.restore(carried) }
}
