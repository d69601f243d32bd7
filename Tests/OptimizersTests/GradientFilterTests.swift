import Optimizers
import Schema
import Testing

@Suite struct GradientFilterTests {
  // Closed forms of Cohen et al. 2022, arXiv 2207.14484, and for QHM of Ma & Yarats 2018, arXiv 1810.06801.
  @Test(arguments: [0.0, 0.5, 0.9, 0.99])
  func thresholdsAgreeWithThePublishedTable(beta: Double) {
    let nu = 0.7
    let nadam = OptimizerConfiguration("nadam", [.beta1: .real(beta), .biasCorrection: false])
      .makeOptimizer(shapes: [[1]], scalar: Double.self).filter
    let table: [(GradientFilter, Double)] = [
      (.none, 2),
      (.heavyBall(beta), 2 + 2 * beta),
      (.nesterov(beta), (2 + 2 * beta) / (1 + 2 * beta)),
      (.average(beta), (2 + 2 * beta) / (1 - beta)),
      (nadam, (2 + 2 * beta) / ((1 - beta) * (1 + 2 * beta))),
      (.quasiHyperbolic(beta: beta, nu: nu), 2 * (1 + beta) / (1 + beta * (1 - 2 * nu))),
    ]
    for (filter, expected) in table {
      for learningRate in [1.0, 0.02, 3e-5] {
        let threshold = filter.stabilityThreshold(learningRate: learningRate)
        #expect(abs(threshold * learningRate - expected) <= 1e-13 * expected)
      }
    }
  }

  /// On the threshold the step size is critical, with decoupled decay too.
  @Test func criticalStepSizesAreTheInverseOfThresholds() {
    for (index, decay) in [0, 0.1, 2].enumerated() {
      let filter = GradientFilter.quasiHyperbolic(beta: 0.3 * Double(index + 1), nu: 0.7)
      let threshold = filter.stabilityThreshold(learningRate: 0.02, decoupledDecay: decay)
      let rate = filter.criticalLearningRate(curvature: threshold, decoupledDecay: decay)
      #expect(abs(rate - 0.02) < 1e-15)
    }
  }
}
