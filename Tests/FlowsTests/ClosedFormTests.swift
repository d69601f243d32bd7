import Flows
import LinearAlgebra
import Testing

/// Central flows whose course is known in closed form.
@Suite struct ClosedFormTests {
  /// The curvature `y` of `y x^2 / 2 + q / 2 (y - Y)^2` grows to the edge at `2 / eta`, and stays there.
  @Test func gradientDescentStaysAtTheEdge() throws {
    let (eta, q, target, start) = (0.5, 0.05, 4.2, 3.0)
    let loss = PolynomialLoss<Double>(.oneDirection(q: q, target: target), count: 2)
    var settings = FlowSettings()
    settings.substeps = 16
    let flow = Flow(.centralFlow, loss, .gradientDescent, settings: settings, seed: 1)
    let weights = Vector([0, start])
    var (first, last) = (Int?.none, FlowPrediction?.none)
    try run(flow, weights, steps: 90, stepSize: FlowStepSize(eta)) { step, prediction, work in
      if first == nil, prediction.criticalCount > 0, prediction.variances[0] > 1e-9 { first = step }
      last = prediction
      #expect(work.substeps == 16 && prediction.violation < 1e-12)
    }
    // ln((Y - y0) / (Y - 2 / eta)) / (eta q) = 71.67.
    #expect(first == 72)
    let prediction = try #require(last)
    #expect(abs(weights[1] - 4) < 1e-12 && abs(weights[0]) < 1e-6)
    #expect(abs(prediction.variances[0] - 0.02 / eta) < 1e-12)
    #expect(abs(prediction.covarianceTrace - 0.02) < 1e-12)
    #expect(abs(prediction.loss - 0.041) < 1e-12)
    #expect(abs(prediction.squaredGradientNorm - 0.3201) < 1e-12)
    #expect(abs(prediction.eigenvalues[0] - 2) < 1e-12)
  }

  /// Two directions: where the target is above the edge there is an oscillation, along the other the curvature moves down.
  @Test func curvatureAndOscillationSplitTheTarget() throws {
    let (eta, q, cosine) = (0.5, 0.05, 0.8)
    let (sine, root) = ((1 - cosine * cosine).squareRoot(), 2.0.squareRoot())
    // Eigenvalues of Y* above and below 2 / eta, and its eigenvectors (c, s) and (-s, c).
    let (above, below) = (0.2, -0.3)
    let target = [
      4 + cosine * cosine * above + sine * sine * below, root * cosine * sine * (above - below),
      4 + sine * sine * above + cosine * cosine * below,
    ]
    var polynomial = Polynomial(terms: [(0.5, [2, 0, 0]), (1 / root, [3, 0, 1]), (0.5, [4, 1, 1])])
    for index in 0..<3 { polynomial.addParabola(index + 2, around: target[index], factor: q) }
    var settings = FlowSettings()
    settings.substeps = 1
    let flow = Flow(
      .centralFlow,
      PolynomialLoss<Double>(polynomial, count: 5), .gradientDescent, settings: settings, seed: 1)
    let weights = Vector([0, 0, 4, 0, 4.0])
    try run(flow, weights, steps: 1, stepSize: FlowStepSize(eta)) { _, prediction, _ in
      #expect(prediction.criticalCount == 2)
      #expect(abs(prediction.variances[0] - 2 * q * above / eta) < 1e-14)
      #expect(abs(prediction.variances[1]) < 1e-14)
    }
    let moved = eta * q * below
    let expected = [
      4 + sine * sine * moved, -root * cosine * sine * moved, 4 + cosine * cosine * moved,
    ]
    for index in 0..<3 { #expect(abs(weights[index + 2] - expected[index]) < 1e-14) }
  }

  /// `q^2 d^2 + 2 q y^2 d = eta^2 y^2 / 4` with `d = Y - y`; the root of the moment is `eta y / 2`.
  @Test func scalarRMSPropComesToRest() throws {
    let (eta, q, target) = (0.1, 0.05, 1.0)
    let loss = PolynomialLoss<Double>(.oneDirection(q: q, target: target), count: 2)
    let flow = Flow(.centralFlow, loss, .scalarRMSProp(beta2: 0.99), seed: 1)
    #expect(flow.adopt(optimizer: carried(moments: [0.048 * 0.048], name: "squared_norm", updates: 7)))
    let weights = Vector([0, 0.9])
    flow.observe(Vector(loss.gradient(weights.array)))
    var last: FlowPrediction?
    try run(flow, weights, steps: 2400, stepSize: FlowStepSize(eta)) { _, prediction, _ in last = prediction }
    #expect(abs(weights[1] - 0.975016414) < 1e-9)
    #expect(try abs(#require(last).covarianceTrace - 0.002498359) < 1e-9)
  }

  /// On `w^T H w / 2`, `Sigma_ii = eta^2 / 4` and the mean loss is `eta^2 / 4` times the trace of `P`; all three directions
  /// are critical, and no off-diagonal element of `X` is determined.
  @Test func rmsPropComesToRestOnAQuadratic() throws {
    let (eta, curvatures) = (0.1, [1.0, 3, 10])
    var polynomial = Polynomial(terms: [])
    for (index, curvature) in curvatures.enumerated() {
      polynomial.addParabola(index, around: 0, factor: curvature)
    }
    let flow = Flow(
      .centralFlow, PolynomialLoss<Double>(polynomial, count: 3), .rmsProp(beta2: 0.99), seed: 1)
    let moments = curvatures.map { 0.0031 * $0 * $0 }
    #expect(flow.adopt(optimizer: carried(moments: moments, name: "second_moment", updates: 7)))
    let weights = Vector<Double>(count: 3)
    flow.observe(Vector(count: 3))
    var last: FlowPrediction?
    try run(flow, weights, steps: 60, stepSize: FlowStepSize(eta)) { _, prediction, _ in last = prediction }
    let prediction = try #require(last)
    #expect(prediction.criticalCount == 3)
    #expect(abs(prediction.loss - 0.0175) < 1e-9)
    #expect(abs(prediction.covarianceTrace - 0.0075) < 1e-9)
    let diagonal = Vector<Double>(count: 3)
    #expect(flow.preconditioner(into: diagonal))
    for index in 0..<3 { #expect(abs(diagonal[index] / eta - curvatures[index] / 2) < 1e-9) }
  }

  /// A Hessian that is not diagonal: the same with one critical direction, once the moments have come to rest.
  @Test func rmsPropComesToRestOnADenseQuadratic() throws {
    let eta = 0.1
    let hessian = [[4, 1.5, -0.7], [1.5, 3, 0.9], [-0.7, 0.9, 2]]
    var polynomial = Polynomial(terms: [])
    for row in 0..<3 {
      for column in 0..<3 { polynomial.terms.append((hessian[row][column] / 2, [row, column])) }
    }
    let flow = Flow(.centralFlow, PolynomialLoss<Double>(polynomial, count: 3), .rmsProp(beta2: 0.9), seed: 1)
    #expect(flow.adopt(optimizer: carried(moments: [0.06, 0.05, 0.04], name: "second_moment", updates: 7)))
    let weights = Vector<Double>(count: 3)
    flow.observe(Vector(count: 3))
    var last: FlowPrediction?
    try run(flow, weights, steps: 400, stepSize: FlowStepSize(eta)) { _, prediction, _ in last = prediction }
    let prediction = try #require(last)
    let diagonal = Vector<Double>(count: 3)
    #expect(flow.preconditioner(into: diagonal))
    let trace = diagonal.array.reduce(0, +) / eta
    #expect(abs(prediction.covarianceTrace - 3 * eta * eta / 4) < 1e-8)
    #expect(abs(prediction.loss - eta * eta / 4 * trace) < 1e-8)
    #expect(abs(prediction.eigenvalues[0] - 2) < 1e-8)
  }
}
