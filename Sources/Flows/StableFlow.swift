public import LinearAlgebra

/// The flow of an optimizer that does not oscillate (central flows, arXiv 2410.24206, section 3).
///
///     dw/dt = -P^-1 grad L,     dnu/dt = kappa (s(grad L) - nu)
///
/// Euler's method, with a substep of at most half the inverse of the largest eigenvalue of `P^-1 H`, and at least 4 of them.
public final class StableFlow<Scalar: RealScalar>: Flow {
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
    let hessian = try point.linearize(known)
    let spectrum = try tracker.next(hessian, point.metric(at: 0), &point.work)
    if let ending = spectrum.ending { return .ended(ending) }
    let prediction = point.prediction(spectrum)
    let count = max(settings.substeps ?? 4, Int((2 * spectrum.values[0]).rounded(.up)))
    for substep in 0..<count {
      if substep > 0 { try point.differentiate() }
      point.move(
        along: point.gradient, squares: state.geometry.pooling.squares(of: point.gradient),
        by: 1 / Double(count), point.metric(at: Double(substep) / Double(count)))
    }
    guard point.isFinite else { return .ended(.notFinite) }
    weights.copy(from: point.weights)
    (state, self.tracker) = (point.endState, tracker)
    return .moved(prediction, point.work)
  }

  // MARK: - Carrying

  /// The optimizer's part, and the eigenvectors that the last search found.
  public var carried: CarriedState<Scalar> { carry(state, tracker) }

  /// Takes back what was carried.
  public func restore(_ carried: CarriedState<Scalar>) -> Bool { takeBack(carried, &state, &tracker) }
}
