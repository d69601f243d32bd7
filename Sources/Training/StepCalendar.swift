import Jobs
import Probes

/// What a run does at which of its steps, beside moving: a few numbers out of its configuration, at hand in every step.
struct StepCalendar {
  /// Whether measurements are of the point between two iterates.
  ///
  /// The weights of a flow are between those of the optimizer already.
  let isAtMidpoint: Bool
  /// The multiple of the first loss at which the run has diverged.
  let lossLimit: Double
  private let measureInterval: Int?
  private let keepInterval: Int?
  private let goalInterval: Int?

  /// Reads it; goals are about the whole training set, so with minibatches they are judged once an epoch.
  init(_ run: RunConfiguration, stepsPerEpoch: Int) {
    isAtMidpoint = run.measure.at == .midpoint && run.process == nil
    lossLimit = run.stop.lossLimit
    measureInterval = run.measure.every
    keepInterval = run.keptWeights.interval
    goalInterval = run.stop.hasGoal ? stepsPerEpoch : nil
  }

  /// Whether the sharpness is measured before a step.
  func measures(at step: Int) -> Bool { isDue(measureInterval, step) }

  /// Whether the weights before a step are kept.
  func keepsWeights(at step: Int) -> Bool { isDue(keepInterval, step) }

  /// Whether a step is one before which the goals of the run are held against the loss.
  func judgesGoals(at step: Int) -> Bool { isDue(goalInterval, step) }

  private func isDue(_ interval: Int?, _ step: Int) -> Bool {
    interval.map { step % $0 == 0 } ?? false
  }
}
