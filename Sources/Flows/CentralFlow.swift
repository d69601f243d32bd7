import Complementarity
import LinearAlgebra

/// The flow of an optimizer that oscillates at the edge of stability, averaged over its oscillation (Cohen et al., central
/// flows, arXiv 2410.24206).
///
///     dw/dt  = -P^-1 [grad L + 1/2 grad <Sigma, H>]
///     dnu/dt = kappa (s(grad L) + diag(H Sigma H) - nu)                  (one moment for all: tr(H Sigma H))
///     Sigma >= 0,   2 P - H >= 0,   <Sigma, 2 P - H> = 0
///
/// Euler's method. In every substep the covariance `Sigma` of the oscillation along the critical directions solves a small
/// complementarity problem, see `Oscillation`. Which directions are critical is decided where their eigenvectors are computed.
/// Where the sharpness is well above the edge, as where a flow is started too early, substeps are as many as that asks for.
struct CentralFlow<Scalar: RealScalar>: FlowMotion {
  let settings: FlowSettings
  var tracker: CriticalTracker<Scalar>

  mutating func advance(
    _ point: inout FlowPoint<Scalar>, _ known: KnownGradient<Scalar>?
  ) throws -> FlowPrediction {
    var (spectrum, prediction) = (CriticalDirections<Scalar>?.none, FlowPrediction?.none)
    var (substep, count) = (0, 1)
    repeat {
      let hessian = try point.linearize(substep == 0 ? known : nil)
      let metric = point.metric(at: Double(substep) / Double(count))
      let kept = settings.renewal == .step ? spectrum : nil
      let critical = try kept ?? tracker.next(hessian, metric, &point.work)
      if substep == 0 { count = substeps(critical.values[0]) }
      let oscillation = try oscillation(along: critical, hessian, at: &point, metric, by: 1 / Double(count))
      var beginning = prediction ?? point.prediction(critical)
      if substep == 0 { oscillation?.complete(&beginning) }
      beginning.violation = max(beginning.violation, oscillation?.solution.violation ?? 0)
      move(&point, oscillation, by: 1 / Double(count), metric)
      (spectrum, prediction, substep) = (critical, beginning, substep + 1)
    } while substep < count
    return prediction ?? point.prediction()
  }

  /// The oscillation where there are critical directions.
  private func oscillation(
    along critical: CriticalDirections<Scalar>, _ hessian: any FlowLinearization<Scalar>,
    at point: inout FlowPoint<Scalar>, _ metric: FlowMetric<Scalar>, by length: Double
  ) throws -> Oscillation<Scalar>? {
    guard critical.criticalCount > 0 else { return nil }
    let oscillation = try Oscillation(
      along: critical.directions(metric), hessian, at: &point, metric, length: length)
    if oscillation.solution.status == .unsolvable {
      throw FlowEnding.unstabilized(
        eigenvalue: critical.values[0], violation: oscillation.solution.violation)
    }
    return oscillation
  }

  private func move(
    _ point: inout FlowPoint<Scalar>, _ oscillation: Oscillation<Scalar>?, by length: Double,
    _ metric: FlowMetric<Scalar>
  ) {
    let squares = metric.pooling.squares(of: point.gradient)
    oscillation?.addSquares(to: squares)
    point.move(
      along: oscillation?.force(point.gradient) ?? point.gradient, squares: squares, by: length, metric)
  }

  /// Euler's method needs substeps shorter than 2 over the largest eigenvalue; on the edge any number will do.
  private func substeps(_ eigenvalue: Double) -> Int {
    let wanted = settings.substeps ?? 2
    return eigenvalue > 2.5 ? max(wanted, Int(eigenvalue.rounded(.up))) : wanted
  }

  var carried: CarriedState<Scalar> { tracker.carried }

  mutating func restore(_ carried: CarriedState<Scalar>) -> Bool { tracker.restore(carried) }
}
