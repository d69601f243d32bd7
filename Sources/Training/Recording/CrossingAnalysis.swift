import Schema
import Shards

/// When a run reached its stability threshold, and whether it stayed there.
struct CrossingAnalysis {
  /// The first measured step at which the (preconditioned) sharpness had reached the threshold.
  let firstCrossingStep: Int?
  /// The median of the ratio of (preconditioned) sharpness to threshold before this step.
  let ratioBefore: Double?
  /// The median from this step on, without measurements whose step size is below 3/4 of the largest since the crossing:
  /// so small a one takes a run by itself from the edge to a ratio that would be called stable.
  let ratioAfter: Double?
  /// The median of all ratios above 0.75, by which "The Road Taken" (Lee & Lee) compares optimizers.
  let plateauRatio: Double?
  /// The largest sharpness of the loss itself.
  let largestSharpness: Double?
  /// Steps after which the loss of the batch was larger than that of the batch before.
  let lossIncreases: Int
  let regime: Regime?

  init(_ recording: Recording, hasDiverged: Bool) {
    let ratios = Ratio.all(recording)
    let crossing = ratios.firstIndex { $0.value >= 1 }
    let values = ratios.map(\.value)
    let after = crossing.flatMap { Self.median(Self.atLargeStepSizes(ratios[$0...])) }
    firstCrossingStep = crossing.map { ratios[$0].step }
    ratioBefore = Self.finite(Self.median(values[..<(crossing ?? values.count)]))
    ratioAfter = Self.finite(after)
    plateauRatio = Self.finite(Self.median(values.filter { $0 > Self.edge.lowerBound }[...]))
    largestSharpness = recording.values(.sharpness).filter(\.isFinite).max()
    lossIncreases = zip(recording.trainLoss, recording.trainLoss.dropFirst()).count { !($1 <= $0) }
    regime = Self.regime(hasDiverged: hasDiverged, isMeasured: !ratios.isEmpty, after: after)
  }

  private struct Ratio {
    let step: Int
    let stepSize: Double
    /// Infinite where the threshold is not positive, because weight decay alone takes up the step size: minus infinity
    /// below such a threshold, infinity above.
    let value: Double

    /// The ratios of all measurements of which something is known.
    static func all(_ recording: Recording) -> [Ratio] {
      let (steps, largest) = (recording.values(.measuredStep), recording.values(.preconditionedSharpness))
      let thresholds = recording.values(.stabilityThreshold)
      let converged = recording.values(.preconditionedConverged)
      return steps.indices.compactMap { index in
        let step = Int(steps[index])
        return Ratio(
          step: step, stepSize: recording.stepSize[step], largest: largest[index],
          threshold: thresholds[index], isConverged: converged[index] == 1)
      }
    }

    /// Nil where nothing is known: a search that did not converge may have found less than there is, never more.
    private init?(step: Int, stepSize: Double, largest: Double, threshold: Double, isConverged: Bool) {
      guard largest.isFinite else { return nil }
      (self.step, self.stepSize) = (step, stepSize)
      value = threshold > 0 ? largest / threshold : largest < threshold ? -.infinity : .infinity
      if !isConverged && value < 1 { return nil }
    }
  }

  /// The ratios at the edge of stability.
  private static let edge = 0.75...1.25

  /// The ratios where the step size has not fallen out of `edge` itself.
  private static func atLargeStepSizes(_ ratios: ArraySlice<Ratio>) -> ArraySlice<Double> {
    var largest = 0.0
    let kept = ratios.filter { ratio in
      largest = max(largest, ratio.stepSize)
      return ratio.stepSize >= edge.lowerBound * largest
    }
    return kept.map(\.value)[...]
  }

  private static func regime(hasDiverged: Bool, isMeasured: Bool, after: Double?) -> Regime? {
    if hasDiverged { return .diverged }
    guard isMeasured else { return nil }
    switch after ?? 0 {
    case ..<edge.lowerBound: return .stable
    case edge: return .edge
    default: return .above
    }
  }

  /// Ratios that say no more than "above" are not recorded.
  private static func finite(_ ratio: Double?) -> Double? { ratio.flatMap { $0.isFinite ? $0 : nil } }

  private static func median(_ values: ArraySlice<Double>) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
