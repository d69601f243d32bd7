import LinearAlgebra

/// Gradient flow `dw/dt = -eta grad L`, the flow of gradient descent as its steps become small.
///
/// The classical method of Runge and Kutta of fourth order, with a substep of at most the inverse of the largest eigenvalue of
/// `eta H` (it is stable up to 2.8 of it).
struct GradientFlow<Scalar: RealScalar>: FlowMotion {
  let settings: FlowSettings
  var tracker: CriticalTracker<Scalar>

  mutating func advance(
    _ point: inout FlowPoint<Scalar>, _ known: KnownGradient<Scalar>?
  ) throws -> FlowPrediction {
    let hessian = try point.linearize(known)
    let spectrum = try tracker.next(hessian, point.metric(at: 0), &point.work)
    let prediction = point.prediction(spectrum)
    let count = max(settings.substeps ?? 1, Int(spectrum.values[0].rounded(.up)))
    for substep in 0..<count {
      try rungeKutta(
        &point, from: Double(substep) / Double(count), by: 1 / Double(count), isFirst: substep == 0)
    }
    return prediction
  }

  /// One substep; at the first the gradient at its beginning is there already.
  private func rungeKutta(
    _ point: inout FlowPoint<Scalar>, from time: Double, by length: Double, isFirst: Bool
  ) throws {
    let start = Vector<Scalar>(count: point.weights.count)
    let sum = Vector<Scalar>(count: point.weights.count)
    start.copy(from: point.weights)
    var lastRate = 0.0
    // Where each of the four gradients is taken, as a part of the substep, and its weight.
    for (place, weight) in [(0.0, 1.0 / 6), (0.5, 1.0 / 3), (0.5, 1.0 / 3), (1.0, 1.0 / 6)] {
      if place > 0 { point.weights.mix(start, by: 1, point.gradient, by: -place * length * lastRate) }
      if place > 0 || !isFirst { try point.differentiate() }
      lastRate = point.stepSize(at: time + place * length).value
      sum.add(point.gradient, scaledBy: weight * lastRate)
    }
    point.weights.mix(start, by: 1, sum, by: -length)
    point.work.substeps += 1
  }

  var carried: CarriedState<Scalar> { tracker.carried }

  mutating func restore(_ carried: CarriedState<Scalar>) -> Bool { tracker.restore(carried) }
}
