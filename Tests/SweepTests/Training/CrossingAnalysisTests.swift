import Shards
import Testing

@testable import Measurement
@testable import Sweep

@Suite struct CrossingAnalysisTests {
  /// A run whose ratios to the threshold at steps 0, 10, 20 and so on are these.
  private func analysis(_ ratios: [Double], losses: [Double] = [1], diverged: Bool = false)
    -> CrossingAnalysis
  {
    var result = RunResult()
    result.trainLoss = losses
    if diverged { result.outcome = .diverged(step: 5) }
    result.measurements = ratios.enumerated().map { index, ratio in
      Measurement(
        step: 10 * index, stabilityThreshold: 4, hessian: Spectrum(values: [7 * ratio], residuals: [0]),
        preconditioned: Spectrum(values: [4 * ratio], residuals: [0]), products: 1, converged: true,
        gradientAlignment: 0, test: nil)
    }
    return CrossingAnalysis(result)
  }

  @Test func theRatioBeforeAndAfterTheCrossingAreMedians() {
    let edge = analysis([0.2, 0.5, 0.7, 0.8, 1, 0.9, 1.1, 1.04])
    #expect(edge.firstCrossingStep == 40)
    #expect(edge.ratioBefore == 0.6)
    #expect(edge.ratioAfter == 1.02)
    #expect(edge.plateauRatio == 1)
    #expect(edge.largestSharpness == 7 * 1.1)
    #expect(edge.regime == .edge)
  }

  @Test func regimes() {
    #expect(analysis([0.2, 0.5, 0.99]).regime == .stable)
    #expect(analysis([0.2, 0.5, 0.99]).ratioAfter == nil)
    #expect(analysis([16, 0.5, 0.4]).regime == .stable, "it did not stay")
    #expect(analysis([16, 0.9, 0.95, 1]).regime == .edge)
    #expect(analysis([0.5, 1.2, 1.6, 1.5]).regime == .above)
    #expect(analysis([0.5, 1.1], diverged: true).regime == .diverged)
    #expect(analysis([]).regime == nil)
    #expect(analysis([.nan]).regime == nil)
  }

  @Test func lossesThatRiseAreCounted() {
    #expect(analysis([1], losses: [3, 2, 2, 2.5, 1, 4]).lossIncreases == 2)
    #expect(analysis([1], losses: [3, .nan]).lossIncreases == 1)
    #expect(analysis([1], losses: []).lossIncreases == 0)
  }
}
