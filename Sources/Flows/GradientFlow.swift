public import LinearAlgebra

/// Gradient flow `dw/dt = -eta grad L`, the flow of gradient descent as its steps become small.
///
/// The classical method of Runge and Kutta of fourth order, with a substep of at most the inverse of the largest eigenvalue of
/// `eta H` (it is stable up to 2.8 of it).
public final class GradientFlow<Scalar: RealScalar>: Flow {
  /// What the flow carries of its optimizer: the time.
  public var state: FlowState<Scalar>
  private let objective: any FlowObjective<Scalar>
  private let settings: FlowSettings
  private var tracker: CriticalTracker<Scalar>

  /// Creates the flow from the beginning of a run.
  public init(_ objective: any FlowObjective<Scalar>, settings: FlowSettings = FlowSettings(), seed: UInt64) {
    (self.objective, self.settings) = (objective, settings)
    state = FlowState(.gradientDescent, parameters: objective.parameterCount)
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
    let count = max(settings.substeps ?? 1, Int(spectrum.values[0].rounded(.up)))
    let rate = { (time: Double) in stepSize.at(Double(step) + time).value }
    for substep in 0..<count {
      try rungeKutta(
        &point, from: Double(substep) / Double(count), by: 1 / Double(count), rate, isFirst: substep == 0)
    }
    guard point.isFinite else { return .ended(.notFinite) }
    weights.copy(from: point.weights)
    (state, self.tracker) = (point.endState, tracker)
    return .moved(prediction, point.work)
  }

  /// One substep; at the first the gradient at its beginning is there already.
  private func rungeKutta(
    _ point: inout FlowPoint<Scalar>, from time: Double, by length: Double, _ rate: (Double) -> Double,
    isFirst: Bool
  ) throws {
    let start = Vector<Scalar>(count: point.weights.count)
    let sum = Vector<Scalar>(count: point.weights.count)
    start.copy(from: point.weights)
    var lastRate = 0.0
    // Where each of the four gradients is taken, as a part of the substep, and its weight.
    for (place, weight) in [(0.0, 1.0 / 6), (0.5, 1.0 / 3), (0.5, 1.0 / 3), (1.0, 1.0 / 6)] {
      if place > 0 { point.weights.mix(start, by: 1, point.gradient, by: -place * length * lastRate) }
      if place > 0 || !isFirst { try point.differentiate() }
      lastRate = rate(time + place * length)
      sum.add(point.gradient, scaledBy: weight * lastRate)
    }
    point.weights.mix(start, by: 1, sum, by: -length)
    point.work.substeps += 1
  }

  // MARK: - Carrying

  /// The optimizer's part, and the eigenvectors that the last search found.
  public var carried: CarriedState<Scalar> { carry(state, tracker) }

  /// Takes back what was carried.
  public func restore(_ carried: CarriedState<Scalar>) -> Bool { takeBack(carried, &state, &tracker) }
}
