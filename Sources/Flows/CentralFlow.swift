import Complementarity
public import LinearAlgebra

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
public final class CentralFlow<Scalar: RealScalar>: Flow {
  /// What the flow carries of its optimizer.
  public var state: FlowState<Scalar>
  private let objective: any FlowObjective<Scalar>
  private let settings: FlowSettings
  private var tracker: CriticalTracker<Scalar>

  /// Creates the flow of an optimizer that has taken no step.
  public init(
    _ objective: any FlowObjective<Scalar>, _ geometry: FlowGeometry, settings: FlowSettings = FlowSettings(),
    seed: UInt64
  ) {
    (self.objective, self.settings) = (objective, settings)
    state = FlowState(geometry, parameters: objective.parameterCount)
    tracker = CriticalTracker(settings, seed: seed)
  }

  /// Moves the weights over one unit of time.
  public func step(
    _ weights: Vector<Scalar>, over step: Int, stepSize: FlowStepSize, known: KnownGradient<Scalar>?
  ) throws -> FlowOutcome {
    var (point, tracker) = (FlowPoint(weights, state, objective, step: step, stepSize: stepSize), tracker)
    var (spectrum, prediction) = (CriticalDirections<Scalar>?.none, FlowPrediction?.none)
    var (substep, count, violation) = (0, 1, 0.0)
    while substep < count {
      let hessian = try point.linearize(substep == 0 ? known : nil)
      let metric = point.metric(at: Double(substep) / Double(count))
      if spectrum == nil || settings.renewal == .substep {
        spectrum = try tracker.next(hessian, metric, &point.work)
      }
      guard let spectrum else { break }
      if let ending = spectrum.ending { return .ended(ending) }
      if substep == 0 { count = substeps(spectrum.values[0]) }
      let oscillation =
        spectrum.criticalCount == 0
        ? nil
        : try Oscillation(
          along: spectrum.directions(metric), hessian, at: &point, metric, length: 1 / Double(count))
      if let solution = oscillation?.solution, solution.status == .unsolvable {
        return .ended(.unstabilized(eigenvalue: spectrum.values[0], violation: solution.violation))
      }
      if substep == 0 {
        var beginning = point.prediction(spectrum)
        oscillation?.complete(&beginning)
        prediction = beginning
      }
      violation = max(violation, oscillation?.solution.violation ?? 0)
      move(&point, oscillation, by: 1 / Double(count), metric)
      substep += 1
    }
    guard point.isFinite, var prediction else { return .ended(.notFinite) }
    prediction.violation = violation
    weights.copy(from: point.weights)
    (state, self.tracker) = (point.endState, tracker)
    return .moved(prediction, point.work)
  }

  private func move(
    _ point: inout FlowPoint<Scalar>, _ oscillation: Oscillation<Scalar>?, by length: Double,
    _ metric: FlowMetric<Scalar>
  ) {
    let squares = state.geometry.pooling.squares(of: point.gradient)
    oscillation?.addSquares(to: squares)
    point.move(
      along: oscillation?.force(point.gradient) ?? point.gradient, squares: squares, by: length, metric)
  }

  /// Euler's method needs substeps shorter than 2 over the largest eigenvalue; on the edge any number will do.
  private func substeps(_ eigenvalue: Double) -> Int {
    let wanted = settings.substeps ?? 2
    return eigenvalue > 2.5 ? max(wanted, Int(eigenvalue.rounded(.up))) : wanted
  }

  // MARK: - Carrying

  /// The optimizer's part, and the eigenvectors that the last search found.
  public var carried: CarriedState<Scalar> { carry(state, tracker) }

  /// Takes back what was carried.
  public func restore(_ carried: CarriedState<Scalar>) -> Bool { takeBack(carried, &state, &tracker) }
}
