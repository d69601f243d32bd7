public import LinearAlgebra
import Spectra

/// Rod flow of gradient descent (arXiv 2602.01480): the middle `c` of two successive iterates, and half of their difference,
/// the rod `delta`.
///
/// Iterates obey exactly, with `g+-` the gradients at `c +- delta`,
///
///     c' - c = -(eta / 2) (g+ + g-)
///     delta' delta'^T - delta delta^T = (eta^2 / 4) (g+ g+^T + g- g-^T) - 2 delta delta^T
///
/// The flow takes both as derivatives, the first corrected to second order for the length of a step, and keeps the largest
/// eigenpair of the second. It needs neither eigenvectors of the Hessian nor third derivatives, and follows the
/// growth of an oscillation from nothing, which central flows take as instantaneous. The identities are proved; that one eigenpair
/// is enough is not: with several directions at the edge of stability it leaves all but one out.
///
/// The middle begins at the first weights, so it is where the optimizer's is half a step later. Predictions
/// are means over both ends of the rod.
public final class RodFlow<Scalar: RealScalar>: Flow {
  /// What the flow carries of its optimizer: the time.
  public var state: FlowState<Scalar>
  private let objective: any FlowObjective<Scalar>
  private let settings: FlowSettings
  /// Nil before the first step. Replaced, never changed in place.
  private var rod: Vector<Scalar>?

  /// Creates the flow from the beginning of a run.
  public init(_ objective: any FlowObjective<Scalar>, settings: FlowSettings = FlowSettings()) {
    (self.objective, self.settings) = (objective, settings)
    state = FlowState(.gradientDescent, parameters: objective.parameterCount)
  }

  /// Moves the weights, the middle of the rod, over one unit of time.
  public func step(
    _ weights: Vector<Scalar>, over step: Int, stepSize: FlowStepSize, known: KnownGradient<Scalar>?
  ) throws -> FlowOutcome {
    var point = FlowPoint(weights, state, objective, step: step, stepSize: stepSize)
    if let known { point.take(known) } else { try point.differentiate() }
    var prediction = point.prediction()
    var rod = self.rod ?? firstRod(point.gradient, stepSize.at(Double(step)).value)
    // Rods would shrink below nothing where a substep is longer than half a step.
    let count = max(2, settings.substeps ?? 4)
    for substep in 0..<count {
      let eta = stepSize.at(Double(step) + Double(substep) / Double(count)).value
      let ends = try RodEnds(at: point.weights, rod, objective, &point.work)
      if substep == 0 { ends.complete(&prediction, rod, eta) }
      try move(&point, &rod, ends, eta, by: 1 / Double(count))
    }
    guard point.isFinite, rod.isFinite else { return .ended(.notFinite) }
    weights.copy(from: point.weights)
    (state, self.rod) = (point.endState, rod)
    return .moved(prediction, point.work)
  }

  private func firstRod(_ gradient: Vector<Scalar>, _ eta: Double) -> Vector<Scalar> {
    let rod = Vector<Scalar>(count: gradient.count)
    rod.add(gradient, scaledBy: -eta / 2)
    return rod
  }

  private func move(
    _ point: inout FlowPoint<Scalar>, _ rod: inout Vector<Scalar>, _ ends: RodEnds<Scalar>, _ eta: Double,
    by length: Double
  ) throws {
    let correction = try ends.correction(&point.work)
    point.weights.combine(
      [point.weights, ends.sum, correction], factors: [1, -length * eta / 2, -length * eta * eta / 8])
    point.work.substeps += 1
    let factors =
      [(1 - 2 * length).squareRoot()] + [Double](repeating: length.squareRoot() * eta / 2, count: 2)
    rod = Self.largest([rod] + ends.gradients, factors: factors) ?? rod
  }

  /// The root of the largest eigenpair of the sum of `x x^T` over vectors `x`, each times a factor: an eigenvector times the
  /// root of its eigenvalue. Nil where a number is not finite.
  private static func largest(_ vectors: [Vector<Scalar>], factors: [Double]) -> Vector<Scalar>? {
    var gram = DenseMatrix(vectors.count, vectors.count, vectors.flatMap { $0.dots(vectors) })
    for row in factors.indices {
      for column in factors.indices { gram[row, column] *= factors[row] * factors[column] }
    }
    guard let eigen = gram.symmetricEigen else { return nil }
    let result = Vector<Scalar>(count: vectors[0].count)
    result.combine(vectors, factors: zip(eigen.vector(factors.count - 1), factors).map { $0 * $1 })
    return result
  }

  // MARK: - Carrying

  /// The optimizer's part, and the rod.
  public var carried: CarriedState<Scalar> {
    var carried = CarriedState<Scalar>()
    carried.add(state.carried, under: "optimizer")
    carried.vectors["rod"] = rod
    return carried
  }

  /// Takes back what was carried.
  public func restore(_ carried: CarriedState<Scalar>) -> Bool {
    let rod = carried.vectors["rod"]
    guard rod?.count ?? state.parameters == state.parameters, state.restore(carried.part("optimizer")) else {
      return false
    }
    self.rod = rod.map { rod in
      let own = Vector<Scalar>(count: rod.count)
      own.copy(from: rod)
      return own
    }
    return true
  }
}

/// Losses, gradients and Hessians at both ends of a rod.
private struct RodEnds<Scalar: RealScalar> {
  var gradients: [Vector<Scalar>] = []
  private var losses: [Double] = []
  private var hessians: [any FlowLinearization<Scalar>] = []

  init(
    at middle: Vector<Scalar>, _ rod: Vector<Scalar>, _ objective: any FlowObjective<Scalar>,
    _ work: inout FlowWork
  ) throws {
    let end = Vector<Scalar>(count: middle.count)
    for sign in [1.0, -1] {
      let gradient = Vector<Scalar>(count: middle.count)
      end.mix(middle, by: 1, rod, by: sign)
      let (hessian, loss) = try objective.flowLinearization(at: end, gradient: gradient)
      work.gradients += 1
      gradients.append(gradient)
      losses.append(loss)
      hessians.append(hessian)
    }
  }

  /// `g+ + g-`.
  var sum: Vector<Scalar> {
    let sum = Vector<Scalar>(count: gradients[0].count)
    sum.combine(gradients, factors: [1, 1])
    return sum
  }

  /// `(H+ + H-) (g+ + g-)`.
  func correction(_ work: inout FlowWork) throws -> Vector<Scalar> {
    let (sum, product, result) = (
      self.sum, Vector<Scalar>(count: gradients[0].count), Vector<Scalar>(count: gradients[0].count)
    )
    for hessian in hessians {
      try hessian.apply(sum, into: product)
      result.add(product)
      work.products += 1
    }
    return result
  }

  /// Completes what is predicted without a rod.
  func complete(_ prediction: inout FlowPrediction, _ rod: Vector<Scalar>, _ eta: Double) {
    prediction.loss = (losses[0] + losses[1]) / 2
    prediction.squaredGradientNorm = gradients.reduce(0) { $0 + $1.dot($1) } / 2
    prediction.covarianceTrace = rod.dot(rod)
    prediction.variances = [prediction.covarianceTrace / eta]
  }
}
