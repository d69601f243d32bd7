import Flows
import Foundation
import LinearAlgebra
import Optimizers
import Testing

/// Flows without oscillation, and rod flow.
@Suite struct DescentFlowTests {
  /// On a quadratic `w = w_0 exp(-h int eta dt)`, whatever the schedule.
  @Test func gradientFlowDecaysExponentially() throws {
    var polynomial = Polynomial(terms: [])
    for (index, curvature) in [2.0, 7].enumerated() {
      polynomial.addParabola(index, around: 0, factor: curvature)
    }
    let (loss, length, final) = (PolynomialLoss<Double>(polynomial, count: 2), 20, 0.2)
    let stepSize = FlowStepSize(0.5, LearningRateSchedule(.cosine(steps: length, final: final)))
    for (substeps, tolerance) in [(nil, 2e-2), (40, 1e-6)] {
      var settings = FlowSettings()
      settings.substeps = substeps
      let flow = Flow(.gradientFlow, loss, settings: settings, seed: 1)
      let weights = Vector([1, 1.0])
      for step in 0..<8 {
        try run(flow, weights, steps: 1, stepSize: stepSize, from: step) { _, prediction, work in
          #expect(
            work.gradients == 4 * work.substeps
              && work.substeps == substeps ?? Int(prediction.eigenvalues[0].rounded(.up)))
          #expect(prediction.loss == prediction.centreLoss && prediction.variances.isEmpty)
        }
        // The integral of the cosine's factor.
        let time = Double(step + 1)
        let integral =
          0.5
          * (final * time + (1 - final) / 2 * (time + Double(length) / .pi * sin(.pi * time / Double(length))))
        for (index, curvature) in [2.0, 7].enumerated() {
          let expected = exp(-curvature * integral)
          #expect(abs(weights[index] - expected) < tolerance, "step \(step)")
        }
      }
    }
  }

  /// With many substeps the stable flow of gradient descent is gradient flow, past the edge too.
  @Test func stableFlowOfGradientDescentIsGradientFlow() throws {
    let loss = PolynomialLoss<Double>(.coupled, count: 7)
    var settings = FlowSettings()
    settings.substeps = 400
    let flows: [Flow<Double>] = [
      Flow(.gradientFlow, loss, seed: 1),
      Flow(.stableFlow, loss, .gradientDescent, settings: settings, seed: 1),
    ]
    let ends = try flows.map { flow in
      let weights = Vector([0.02, -0.01, 3.9, 3.8, 0.1, 0.2, -0.1])
      try run(flow, weights, steps: 25, stepSize: FlowStepSize(0.5))
      return weights
    }
    #expect(ends[0][2] > 4 || ends[0][3] > 4)
    for index in 0..<7 { #expect(abs(ends[0][index] - ends[1][index]) < 5e-4) }
  }

  /// The moments of a stable flow approach the squares at the rate at which the optimizer's, which hold the present gradient, do.
  @Test func stableFlowAveragesTheSquares() throws {
    // The gradient is the constant 2 in one weight: nu -> 4 by the factor 1 - kappa dt in every substep.
    let loss = PolynomialLoss<Double>(Polynomial(terms: [(2, [0]), (0.5, [1, 1])]), count: 2)
    let flow = Flow(.stableFlow, loss, .scalarRMSProp(beta2: 0.9, biasCorrection: true), seed: 1)
    #expect(flow.adopt(optimizer: carried(moments: [1.1], name: "squared_norm", updates: 3)))
    let weights = Vector([0, 0.0])
    flow.observe(Vector([2, 0.0]))
    let before = 0.9 * 1.1 + 0.1 * 4
    var expected = (nu: before, w: 0.0)
    for substep in 0..<4 {
      let updates = 4 + Double(substep) / 4
      let scale = (expected.nu / (1 - pow(0.9, updates))).squareRoot()
      expected.w -= 0.25 * 0.1 * 2 / scale
      expected.nu += 0.25 * (0.1 / 0.9) * (4 - expected.nu)
    }
    try run(flow, weights, steps: 1, stepSize: FlowStepSize(0.1))
    #expect(abs(weights[0] - expected.w) < 1e-14)
    let diagonal = Vector<Double>(count: 2)
    #expect(flow.preconditioner(into: diagonal))
    #expect(abs(diagonal[1] - (expected.nu / (1 - pow(0.9, 5))).squareRoot()) < 1e-14)
  }

  @Test func stableFlowEndsWhereItIsTooSharp() throws {
    let loss = PolynomialLoss<Double>(.oneDirection(q: 0.05, target: 4), count: 2)
    let flow = Flow(.stableFlow, loss, .gradientDescent, seed: 1)
    let weights = Vector([0.1, 250])
    guard case .ended(.tooSharp) = try flow.step(weights, over: 0, stepSize: FlowStepSize(0.5)) else {
      Issue.record("a sharpness of 125 is not too sharp")
      return
    }
    #expect(weights.array == [0.1, 250])
  }

  /// Gradient descent on `y x^2 / 2 + q / 2 (y - Y)^2` ends in an orbit of period 2: `x = +-sqrt(0.02)`, `y = 4`.
  ///
  /// Rod flow follows it all the way: the onset, where `y` is beyond the edge, the bursts, and the orbit.
  @Test func rodFlowFollowsTheOnsetOfAnOscillation() throws {
    let (eta, loss) = (0.5, PolynomialLoss<Double>(.oneDirection(q: 0.05, target: 4.2), count: 2))
    let flow = Flow(.rodFlow, loss, seed: 1)
    // What gradient descent begins with is all oscillation: a rod along x.
    var begun = flow.carried
    begun.vectors["motion.rod"] = Vector([0.01, 0])
    #expect(flow.restore(begun))
    let weights = Vector([0, 3.0])
    var (iterate, last, highest, widest) = ([0.01, 3], FlowPrediction?.none, 0.0, 0.0)
    try run(flow, weights, steps: 1700, stepSize: FlowStepSize(eta)) { _, prediction, work in
      iterate = zip(iterate, loss.gradient(iterate)).map { $0 - eta * $1 }
      (last, highest) = (prediction, max(highest, iterate[1]))
      widest = max(widest, abs(weights[1] - iterate[1]))
      #expect(work.gradients == 1 + 2 * work.substeps && work.substeps >= 4)
    }
    // The central flow would be 0.19 away before the first burst.
    #expect(highest > 4.19 && widest < 0.06)
    #expect(weights[0] == 0 && abs(weights[1] - 4) < 1e-5)
    let prediction = try #require(last)
    #expect(abs(prediction.covarianceTrace - 0.02) < 1e-5)
    #expect(abs(prediction.loss - 0.041) < 1e-5)
    #expect(abs(prediction.squaredGradientNorm - 0.32) < 1e-4)
  }

  /// With rods as long as rounding errors an oscillation grows by itself, along the largest eigenvalue, once that is past the edge.
  @Test func rodsGrowOutOfRoundingErrors() throws {
    try grow(as: Double.self, by: 600)
    try grow(as: Float.self, by: 300)
  }

  private func grow<Scalar: RealScalar>(as: Scalar.Type, by steps: Int) throws {
    let flow = Flow(.rodFlow, PolynomialLoss<Scalar>(.oneDirection(q: 0.05, target: 4.2), count: 2), seed: 3)
    let weights = Vector<Scalar>([0, 4])
    var longest = 0.0
    try run(flow, weights, steps: steps, stepSize: FlowStepSize(0.5)) { step, prediction, _ in
      if step == 50 { #expect(prediction.covarianceTrace < 1e-8 && weights[1] > 4.1) }
      longest = max(longest, prediction.covarianceTrace)
    }
    #expect(longest > 0.02)
    let rod = try #require(flow.carried.vectors["motion.rod"])
    #expect(abs(rod[0]) > 100 * abs(rod[1]))
  }
}
