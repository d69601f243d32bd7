import Measurement
import Shards

/// When a run reached its stability threshold, and whether it stayed there.
struct CrossingAnalysis {
  /// The first measured step at which the (preconditioned) sharpness had reached the threshold.
  let firstCrossingStep: Int?
  /// Medians of the ratio of (preconditioned) sharpness to threshold before this step and from it on.
  let ratioBefore: Double?
  let ratioAfter: Double?
  /// The median of all ratios above 0.75, by which "The Road Taken" (Lee & Lee) compares optimizers.
  let plateauRatio: Double?
  /// The largest sharpness of the loss itself.
  let largestSharpness: Double?
  /// Steps after which the loss of the batch was larger than that of the batch before.
  let lossIncreases: Int
  let regime: Regime?

  init(_ result: RunResult) {
    let ratios = result.measurements.compactMap { measurement -> (step: Int, value: Double)? in
      guard let top = measurement.preconditioned?.values.first, top.isFinite else { return nil }
      return (measurement.step, top / measurement.stabilityThreshold)
    }
    let crossing = ratios.firstIndex { $0.value >= 1 }
    let values = ratios.map(\.value)
    let after = crossing.flatMap { Self.median(values[$0...]) }
    firstCrossingStep = crossing.map { ratios[$0].step }
    ratioBefore = Self.median(values[..<(crossing ?? values.count)])
    ratioAfter = after
    plateauRatio = Self.median(values.filter { $0 > 0.75 }[...])
    largestSharpness = result.measurements.compactMap(\.hessian.values.first).filter(\.isFinite).max()
    lossIncreases = zip(result.trainLoss, result.trainLoss.dropFirst()).count { !($1 <= $0) }
    regime = Self.regime(result.outcome, isMeasured: !ratios.isEmpty, after: after)
  }

  private static func regime(_ outcome: RunOutcome, isMeasured: Bool, after: Double?) -> Regime? {
    if case .diverged = outcome { return .diverged }
    guard isMeasured else { return nil }
    switch after ?? 0 {
    case ..<0.75: return .stable
    case ...1.25: return .edge
    default: return .above
    }
  }

  private static func median(_ values: ArraySlice<Double>) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
