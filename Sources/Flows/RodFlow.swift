import LinearAlgebra
import Spectra

/// Rod flow of gradient descent (after arXiv 2602.01480): a centre `c`, and the rod `o` by which the iterates lie to both sides
/// of it by turns, `w_t = c + o` and `w_(t+1) = c' - o'`.
///
/// With `g+-` the gradients at `c +- o`, both obey exactly
///
///     c' - c = F = -(eta / 2) (g+ + g-)
///     o' - o = G =  (eta / 2) (g+ - g-) - 2 o
///
/// The flow takes these as derivatives, corrected to second order for the length of a step, with `H+-` the Hessians:
///
///     dc/dt = F + (eta / 4) (H+ (F + G) + H- (F - G))
///     do/dt = 2 G - (eta / 4) (H+ (F + G) - H- (F - G))
///
/// So it needs neither eigenvectors nor third derivatives, and follows how an oscillation grows out of nothing, in
/// all directions at once. The paper has a covariance in the place of the rod, which also holds the drift of the centre; its
/// largest eigenpair is then the drift for as long as the oscillation is small, and no oscillation grows. Here the sign that changes at
/// every step is taken out instead.
///
/// Gradient descent oscillates at least by its rounding errors: a rod that becomes shorter gets random signs of their size. Its
/// direction turns to that of the largest eigenvalue by itself. Where the difference of both gradients would be made of
/// rounding errors, Hessian products stand for it.
struct RodFlow<Scalar: RealScalar>: FlowMotion {
  let settings: FlowSettings
  let seed: UInt64
  /// Replaced, never changed in place.
  private(set) var rod: Vector<Scalar>

  mutating func advance(
    _ point: inout FlowPoint<Scalar>, _ known: KnownGradient<Scalar>?
  ) throws -> FlowPrediction {
    if let known { point.take(known) } else { try point.differentiate() }
    var (prediction, substep, count) = (point.prediction(), 0, 1)
    while substep < count {
      let eta = point.stepSize(at: Double(substep) / Double(count)).value
      rod = notTooShort(at: point, substep)
      let ends = try RodEnds(at: point.weights, rod, point.objective, &point.work)
      if substep == 0 {
        count = substeps(try permitted(ends.eigenvalue(along: rod, eta)))
        ends.complete(&prediction, rod, eta)
      }
      rod = try ends.move(point.weights, rod, eta, by: 1 / Double(count), &point.work)
      (point.work.substeps, substep) = (point.work.substeps + 1, substep + 1)
    }
    guard rod.isFinite else { throw FlowEnding.notFinite }
    return prediction
  }

  /// An eigenvalue from which the flow can go on.
  private func permitted(_ eigenvalue: Double) throws(FlowEnding) -> Double {
    guard eigenvalue.isFinite else { throw .notFinite }
    guard eigenvalue <= settings.sharpnessLimit else {
      throw .tooSharp(eigenvalue: eigenvalue, limit: settings.sharpnessLimit)
    }
    return eigenvalue
  }

  /// Along an eigenvector the centre's equation has the rate `lambda + lambda^2 / 2`, for which Euler's method is to be stable.
  private func substeps(_ eigenvalue: Double) -> Int {
    let rate = eigenvalue + eigenvalue * eigenvalue / 2
    return max(settings.substeps ?? 4, Int((rate / 1.5).rounded(.up)))
  }

  /// A rod of at least the length of the weights' rounding errors.
  private func notTooShort(at point: FlowPoint<Scalar>, _ substep: Int) -> Vector<Scalar> {
    let shortest = Double(Scalar.ulpOfOne) * point.weights.norm
    guard rod.norm < shortest else { return rod }
    let longer = Vector<Scalar>(count: rod.count)
    let random = Philox(seed: seed, stream: .flows, substream: UInt32(truncatingIfNeeded: point.updates))
    random.fillSigns(longer.all, first: UInt64(substep) * UInt64(rod.count))
    longer.mix(rod, by: 1, longer, by: shortest / Double(rod.count).squareRoot())
    return longer
  }

  var carried: CarriedState<Scalar> {
    var carried = CarriedState<Scalar>()
    carried.vectors["rod"] = rod
    return carried
  }

  mutating func restore(_ carried: CarriedState<Scalar>) -> Bool {
    guard let rod = carried.vectors["rod"], rod.count == self.rod.count else { return false }
    self.rod = Vector(count: rod.count)
    self.rod.copy(from: rod)
    return true
  }
}

/// Losses, gradients and Hessians at both ends of a rod.
private struct RodEnds<Scalar: RealScalar> {
  private var gradients: [Vector<Scalar>] = []
  private var losses: [Double] = []
  private var hessians: [any FlowLinearization<Scalar>] = []
  /// `g+ - g-`.
  private let difference: Vector<Scalar>

  init(
    at centre: Vector<Scalar>, _ rod: Vector<Scalar>, _ objective: any FlowObjective<Scalar>,
    _ work: inout FlowWork
  ) throws {
    let end = Vector<Scalar>(count: centre.count)
    for sign in [1.0, -1] {
      let gradient = Vector<Scalar>(count: centre.count)
      end.mix(centre, by: 1, rod, by: sign)
      let (hessian, loss) = try objective.flowLinearization(at: end, gradient: gradient)
      work.gradients += 1
      gradients.append(gradient)
      losses.append(loss)
      hessians.append(hessian)
    }
    difference = Vector(count: centre.count)
    if rod.norm > Double(Scalar.ulpOfOne).squareRoot() * centre.norm {
      difference.combine(gradients, factors: [1, -1])
    } else {
      for hessian in hessians {
        try hessian.apply(rod, into: end)
        difference.add(end)
        work.products += 1
      }
    }
  }

  /// The eigenvalue of `eta H` that the rod sees.
  func eigenvalue(along rod: Vector<Scalar>, _ eta: Double) -> Double {
    let square = rod.dot(rod)
    return square > 0 ? eta * rod.dot(difference) / (2 * square) : 0
  }

  /// Moves the centre over a part of a step.
  ///
  /// - Returns: the rod after it.
  func move(
    _ centre: Vector<Scalar>, _ rod: Vector<Scalar>, _ eta: Double, by length: Double, _ work: inout FlowWork
  ) throws -> Vector<Scalar> {
    func new() -> Vector<Scalar> { Vector(count: centre.count) }
    let (drift, growth, direction, next) = (new(), new(), new(), new())
    drift.combine(gradients, factors: [-eta / 2, -eta / 2])
    growth.combine([difference, rod], factors: [eta / 2, -2])
    var corrections: [Vector<Scalar>] = []
    for (hessian, sign) in zip(hessians, [1.0, -1]) {
      direction.mix(drift, by: 1, growth, by: sign)
      corrections.append(new())
      try hessian.apply(direction, into: corrections[corrections.count - 1])
      work.products += 1
    }
    let quarter = length * eta / 4
    centre.combine([centre, drift] + corrections, factors: [1, length, quarter, quarter])
    next.combine([rod, growth] + corrections, factors: [1, 2 * length, -quarter, quarter])
    return next
  }

  /// Completes what is predicted without a rod.
  func complete(_ prediction: inout FlowPrediction, _ rod: Vector<Scalar>, _ eta: Double) {
    prediction.loss = (losses[0] + losses[1]) / 2
    prediction.squaredGradientNorm = gradients.reduce(0) { $0 + $1.dot($1) } / 2
    prediction.covarianceTrace = rod.dot(rod)
    prediction.variances = [prediction.covarianceTrace / eta]
  }
}
