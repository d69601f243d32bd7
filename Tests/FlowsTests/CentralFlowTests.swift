import Flows
import LinearAlgebra
import Optimizers
import Testing

/// Central flows against the same written with dense matrices, and what ends them.
@Suite struct CentralFlowTests {
  private var accurate: FlowSettings {
    var settings = FlowSettings()
    (settings.substeps, settings.renewal, settings.tolerance) = (2, .substep, 1e-10)
    return settings
  }

  private let schedule = LearningRateSchedule(.cosine(steps: 400, final: 0.6))

  private func compare(
    _ geometry: FlowGeometry, _ reference: DenseCentralFlow, rate: Double, steps: Int,
    momentName: String? = nil
  ) throws -> (edge: Int, most: Int, critical: Int) {
    var reference = reference
    let flow = Flow(.centralFlow, reference.loss, geometry, settings: accurate, seed: 3)
    if let momentName {
      // The flow takes in the first gradient itself.
      let (beta2, gradient) = (geometry.beta2, reference.loss.gradient(reference.w))
      let squares = geometry.pooling == .sum ? [dot(gradient, gradient)] : gradient.map { $0 * $0 }
      let before = zip(reference.nu, squares).map { ($0 - (1 - beta2) * $1) / beta2 }
      #expect(
        flow.adopt(optimizer: carried(moments: before, name: momentName, updates: reference.updates - 1)))
    }
    let weights = Vector(reference.w)
    flow.observe(Vector(reference.loss.gradient(reference.w)))
    var (edge, most, critical) = (0, 0, 0)
    try run(flow, weights, steps: steps, stepSize: FlowStepSize(rate, schedule)) { step, prediction, _ in
      reference.step(step, substeps: 2)
      #expect(abs(prediction.eigenvalues[0] - reference.eigenvalues[0]) < 1e-8)
      #expect(prediction.criticalCount == reference.variances.count)
      for (found, expected) in zip(prediction.variances, reference.variances) {
        #expect(abs(found - expected) < 1e-6)
      }
      for index in 0..<weights.count {
        #expect(abs(weights[index] - reference.w[index]) < 1e-8, "step \(step)")
      }
      let oscillating = prediction.variances.filter { $0 > 1e-6 }.count
      if oscillating > 0 { edge += 1 }
      (most, critical) = (max(most, oscillating), max(critical, prediction.criticalCount))
    }
    return (edge, most, critical)
  }

  @Test func gradientDescentIsThatOfDenseMatrices() throws {
    let rate = FlowStepSize(0.5, schedule)
    let loss = PolynomialLoss<Double>(.coupled, count: 7)
    let (edge, most, _) = try compare(
      .gradientDescent, DenseCentralFlow(loss, at: Polynomial.coupledStart, eta: rate.at), rate: 0.5,
      steps: 160)
    #expect(edge > 40 && most == 2)
  }

  @Test(arguments: [true, false]) func rmsPropIsThatOfDenseMatrices(isScalar: Bool) throws {
    let rate = FlowStepSize(isScalar ? 0.1 : 0.05, schedule)
    let loss = PolynomialLoss<Double>(.coupled, count: 7)
    let start = Polynomial.coupledStart
    let nu = isScalar ? [0.05] : loss.gradient(start).map { $0 * $0 + 0.02 }
    let geometry: FlowGeometry =
      isScalar
      ? .scalarRMSProp(beta2: 0.95, epsilon: 0.01, biasCorrection: true)
      : .rmsProp(beta2: 0.95, epsilon: 0.01, biasCorrection: true)
    let (edge, most, critical) = try compare(
      geometry,
      DenseCentralFlow(
        loss, at: start, nu: nu, updates: 30, moment: (0.95, 0.01, isScalar, true), eta: rate.at),
      rate: rate.learningRate, steps: 60, momentName: isScalar ? "squared_norm" : "second_moment")
    #expect(edge > 20 && most == 1 && critical == (isScalar ? 1 : 2))
  }

  // MARK: - Endings

  private func outcome(
    _ polynomial: Polynomial, at start: [Double], _ rate: Double, _ settings: FlowSettings = FlowSettings()
  ) throws -> (FlowOutcome, Vector<Double>) {
    let loss = PolynomialLoss<Double>(polynomial, count: start.count)
    let flow = Flow(.centralFlow, loss, .gradientDescent, settings: settings, seed: 1)
    let weights = Vector(start)
    return (try flow.step(weights, over: 0, stepSize: FlowStepSize(rate)), weights)
  }

  @Test func nothingStabilisesAQuadratic() throws {
    var polynomial = Polynomial(terms: [])
    polynomial.addParabola(0, around: 0, factor: 4.2)
    polynomial.addParabola(1, around: 0, factor: 1)
    let (outcome, weights) = try outcome(polynomial, at: [0.1, 0.2], 0.5)
    guard case .ended(.unstabilized(let eigenvalue, let violation)) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(abs(eigenvalue - 2.1) < 1e-9 && violation > 1e-3 && weights.array == [0.1, 0.2])
  }

  @Test func limitsEndAFlow() throws {
    var settings = FlowSettings()
    settings.mostCritical = 1
    let two = try outcome(.coupled, at: [0, 0, 4.1, 4.2, 0, 0, 0], 0.5, settings)
    guard case .ended(.tooManyCritical(limit: 1)) = two.0 else {
      Issue.record("\(two.0)")
      return
    }
    settings = FlowSettings()
    settings.sharpnessLimit = 3
    let sharp = try outcome(.oneDirection(q: 0.05, target: 4), at: [0.1, 8], 0.5, settings)
    guard case .ended(.tooSharp(let eigenvalue, limit: 3)) = sharp.0 else {
      Issue.record("\(sharp.0)")
      return
    }
    #expect(abs(eigenvalue - 4) < 0.01 && sharp.1.array == [0.1, 8])
    let notANumber = try outcome(.oneDirection(q: 0.05, target: 4), at: [.nan, 8], 0.5)
    guard case .ended(.notFinite) = notANumber.0 else {
      Issue.record("\(notANumber.0)")
      return
    }
  }

  /// Started above the edge, the flow goes back to it.
  @Test func aStartAboveTheEdgeIsProjectedBack() throws {
    let loss = PolynomialLoss<Double>(.oneDirection(q: 0.05, target: 4.2), count: 2)
    let flow = Flow(.centralFlow, loss, .gradientDescent, seed: 1)
    let weights = Vector([0.01, 4.5])
    try run(flow, weights, steps: 3, stepSize: FlowStepSize(0.5))
    #expect(abs(weights[1] - 4) < 1e-3)
  }

  /// Six directions critical at once, of which half oscillate; covariances of different ones are not determined, so the
  /// problem is singular, but the flow and all sums over variances are unique.
  @Test func manyDirectionsAreFollowed() throws {
    let (count, eta, q) = (6, 0.5, 0.05)
    let excess = (0..<count).map { 0.1 * (Double($0) - 2.5) }
    var polynomial = Polynomial(terms: [])
    for index in 0..<count {
      polynomial.terms.append((0.5, [count + index, index, index]))
      polynomial.addParabola(count + index, around: 4 + excess[index], factor: q)
    }
    var settings = FlowSettings()
    settings.substeps = 1
    let loss = PolynomialLoss<Double>(polynomial, count: 2 * count)
    let flow = Flow(.centralFlow, loss, .gradientDescent, settings: settings, seed: 1)
    let weights = Vector([Double](repeating: 0, count: count) + [Double](repeating: 4, count: count))
    try run(flow, weights, steps: 1, stepSize: FlowStepSize(eta)) { _, prediction, _ in
      #expect(prediction.criticalCount == count && prediction.violation < 1e-7)
      let expected = excess.reduce(0) { $0 + 2 * q * max($1, 0) }
      #expect(abs(prediction.covarianceTrace - expected) < 1e-7)
    }
    for index in 0..<count {
      #expect(abs(weights[count + index] - 4 - eta * q * min(excess[index], 0)) < 1e-7)
    }
  }

  /// A weight without any gradient has no moment and does not move; nothing else is disturbed.
  @Test func weightsWithoutGradientStayWhereTheyAre() throws {
    let loss = PolynomialLoss<Double>(.oneDirection(q: 0.05, target: 1), count: 3)
    let flow = Flow(.centralFlow, loss, .rmsProp(beta2: 0.9), seed: 1)
    let moments = [0.04 * 0.04 / 20, 1e-5, 0]
    #expect(flow.adopt(optimizer: carried(moments: moments, name: "second_moment", updates: 9)))
    let weights = Vector([0.001, 0.9, 5])
    flow.observe(Vector(loss.gradient(weights.array)))
    try run(flow, weights, steps: 30, stepSize: FlowStepSize(0.02)) { _, prediction, _ in
      #expect(prediction.loss.isFinite && prediction.squaredGradientNorm.isFinite)
    }
    #expect(weights[2] == 5 && weights.isFinite)
  }
}
