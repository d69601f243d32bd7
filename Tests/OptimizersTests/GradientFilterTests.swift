import Optimizers
import Testing

@Suite struct GradientFilterTests {
  // Closed forms of Cohen et al. 2022, arXiv 2207.14484, and for QHM of Ma & Yarats 2018, arXiv 1810.06801.
  @Test(arguments: [0.0, 0.5, 0.9, 0.99])
  func thresholdsAgreeWithThePublishedTable(beta: Double) {
    let nu = 0.7
    let table: [(GradientFilter, Double)] = [
      (.none, 2),
      (.heavyBall(beta), 2 + 2 * beta),
      (.nesterov(beta), (2 + 2 * beta) / (1 + 2 * beta)),
      (.average(beta), (2 + 2 * beta) / (1 - beta)),
      (.nesterovAverage(beta), (2 + 2 * beta) / ((1 - beta) * (1 + 2 * beta))),
      (.quasiHyperbolic(beta: beta, nu: nu), 2 * (1 + beta) / (1 + beta * (1 - 2 * nu))),
    ]
    for (filter, expected) in table {
      for learningRate in [1.0, 0.02, 3e-5] {
        let threshold = filter.stabilityThreshold(learningRate: learningRate)
        #expect(abs(threshold * learningRate - expected) <= 1e-13 * expected)
      }
    }
  }

  @Test func namedOptimizersHaveTheirThresholds() {
    let expected: [(OptimizerConfiguration, Double)] = [
      (.gradientDescent, 2), (.heavyBall(), 3.8), (.nesterov(), 3.8 / 2.8), (.rmsprop(), 2), (.adam(), 38),
    ]
    for (configuration, value) in expected {
      let threshold = configuration.filter.stabilityThreshold(learningRate: 1)
      #expect(abs(threshold - value) <= 1e-12 * value, "\(configuration.name)")
    }
  }

  /// The threshold is where the spectral radius of the actual recurrence on the state `(w, m)` passes 1.
  @Test(arguments: [0.0, 0.3, 0.9, 0.99])
  func thresholdsAreWhereTheRecurrenceTurnsUnstable(beta: Double) {
    let filters: [GradientFilter] = [
      .none, .heavyBall(beta), .nesterov(beta), .average(beta), .nesterovAverage(beta),
      .quasiHyperbolic(beta: beta, nu: 0.7),
    ]
    for filter in filters {
      let learningRate = 0.1
      var stable = 0.0
      var unstable = 100 / (learningRate * (1 - beta))
      for _ in 0..<100 {
        let middle = (stable + unstable) / 2
        if spectralRadius(filter, curvature: middle, learningRate: learningRate) > 1 {
          unstable = middle
        } else {
          stable = middle
        }
      }
      let threshold = filter.stabilityThreshold(learningRate: learningRate)
      #expect(abs(stable - threshold) < 1e-6 * threshold, "\(filter)")
    }
  }

  /// Spectral radius of `(w, m) -> (w - eta (d lambda w + a m'), m')`, where `m' = decay m + lambda w`.
  private func spectralRadius(_ filter: GradientFilter, curvature: Double, learningRate: Double) -> Double {
    let (d, a, decay) = (filter.direct, filter.accumulated, filter.decay)
    let trace = 1 - learningRate * (d + a) * curvature + decay
    let determinant =
      (1 - learningRate * (d + a) * curvature) * decay + learningRate * a * decay * curvature
    let discriminant = trace * trace / 4 - determinant
    if discriminant < 0 { return determinant.squareRoot() }
    return abs(trace) / 2 + discriminant.squareRoot()
  }
}
