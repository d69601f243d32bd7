import Optimizers
import Schema
import Shards
import Testing

@testable import Probes
@testable import Training

@Suite struct CrossingAnalysisTests {
  /// A run whose ratios to the threshold at steps 0, 10, 20 and so on are these.
  private func analysis(
    _ ratios: [Double], losses: [Double] = [1], diverged: Bool = false, unconverged: [Int] = [],
    _ schedule: LearningRateSchedule = LearningRateSchedule(), threshold: Double = 4
  ) -> CrossingAnalysis {
    var recording = Recording(
      trainLoss: losses, trainAccuracy: [], gradientNorm: [],
      stepSize: (0..<10 * ratios.count).map { 0.5 * schedule.factor(at: $0) }, measured: [:], measurements: 0)
    for (index, ratio) in ratios.enumerated() {
      var measurement = Measurement(
        step: 10 * index, stabilityThreshold: threshold,
        hessian: Spectrum(values: [7 * ratio], residuals: [0]),
        preconditioned: Spectrum(values: [4 * ratio], residuals: [0]), products: 1, converged: true,
        gradientAlignment: 0, test: nil)
      if unconverged.contains(index) { measurement.preconditioned?.converged = [false] }
      recording.append(measurement)
    }
    return CrossingAnalysis(recording, hasDiverged: diverged)
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

  /// A Ritz value is at most the eigenvalue: below the threshold it says nothing, above it is a crossing all the same.
  @Test func unconvergedValuesProveNoStability() {
    #expect(analysis([0.2, 0.5, 0.6], unconverged: [0, 1, 2]).regime == nil)
    #expect(analysis([0.9, 1, 0.2, 1.04], unconverged: [2]).ratioAfter == 1.02)
    #expect(analysis([0.5, 1.2], unconverged: [0, 1]).firstCrossingStep == 10)
  }

  /// A smaller step size raises the threshold, which says nothing of where the run was held before.
  @Test func aDropOfTheStepSizeIsNotTakenForStability() {
    let drop = LearningRateSchedule(.piecewise(steps: [40], factors: [0.1]))
    let dropped = analysis([0.5, 1, 1.02, 0.98, 0.1, 0.1, 0.1, 0.11, 0.12], drop)
    #expect(dropped.regime == .edge && dropped.ratioAfter == 1)
    #expect(
      analysis([0.5, 1, 0.6, 0.5, 0.05, 0.05], drop).regime == .stable, "it did not stay before either")
    let back = LearningRateSchedule(.piecewise(steps: [30, 50], factors: [0.5, 1]))
    #expect(analysis([0.9, 1, 1, 0.5, 0.5, 1.6, 1.6, 1.6], back).ratioAfter == 1.6, "it counts again")
    let cosine = LearningRateSchedule(.cosine(steps: 100, final: 0))
    let shrinking = (0..<10).map { 1.01 * cosine.factor(at: 10 * $0) }
    #expect(analysis(shrinking, cosine).regime == .edge)
  }

  /// While the step size rises the threshold comes down, and every measurement counts.
  @Test func crossingsDuringAWarmUpCountFromThereOn() {
    let warmup = LearningRateSchedule(warmup: 50)
    let rising = analysis([0.2, 0.6, 1.0, 1.3, 1.2, 1.1, 1.0], warmup)
    #expect(rising.firstCrossingStep == 20 && rising.ratioAfter == 1.1)
    let down = LearningRateSchedule(.piecewise(steps: [60], factors: [0.5]), warmup: 50)
    let held = analysis([0.2, 0.6, 1.0, 1.1, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.5], down)
    #expect(held.regime == .edge, "the step size of the plateau counts, not that of the crossing")
  }

  /// Weight decay alone may take up more than a step size has room for: then the threshold is not positive.
  @Test func withoutRoomForAnyCurvatureARunIsAbove() {
    let none = analysis([300, 200, 250], threshold: -4)
    #expect(none.firstCrossingStep == 0 && none.regime == .above)
    #expect(none.ratioBefore == nil && none.ratioAfter == nil && none.plateauRatio == nil)
    #expect(analysis([3, 2], threshold: 0).regime == .above)
    #expect(analysis([0, 0], threshold: 0).regime == .above)
    #expect(
      analysis([-3, -2], threshold: -4).firstCrossingStep == nil, "so negative a curvature balances it")
  }

  @Test func lossesThatRiseAreCounted() {
    #expect(analysis([1], losses: [3, 2, 2, 2.5, 1, 4]).lossIncreases == 2)
    #expect(analysis([1], losses: [3, .nan]).lossIncreases == 1)
    #expect(analysis([1], losses: []).lossIncreases == 0)
  }
}
