import Schema
import Shards

/// How far a run is, in a few numbers.
///
/// What is not known, not measured or not finite is nil.
package struct RunProgress: Codable, Sendable, Equatable {
  /// Steps done, those of earlier sessions included.
  package var steps: Int
  /// The loss of the last step's batch.
  package var trainLoss: Double?
  /// The step of the last measurement.
  package var measuredStep: Int?
  /// The sharpness of that measurement.
  package var sharpness: Double?
  /// Its preconditioned sharpness, which is what stands against the threshold.
  package var preconditionedSharpness: Double?
  /// Its stability threshold.
  package var threshold: Double?
  /// Seconds since the group began to work on the run.
  package var seconds: Double

  /// Creates the progress of a run of which no more is known.
  package init(steps: Int, seconds: Double = 0) { (self.steps, self.seconds) = (steps, seconds) }
}

/// Who knows how far a run is; cheap to hold on to, and asked only when somebody wants to know.
package protocol ProgressSource: AnyObject {
  /// How far the run is now; `seconds` is for whoever began it to fill in.
  var progress: RunProgress { get }
}

extension Trainer: ProgressSource {
  /// Steps done, and what was recorded last.
  package var progress: RunProgress {
    var progress = RunProgress(steps: step)
    progress.trainLoss = recording.trainLoss.last.flatMap { $0.isFinite ? $0 : nil }
    progress.measuredStep = recording.latest(.measuredStep).map { Int($0) }
    progress.sharpness = recording.latest(.sharpness)
    progress.preconditionedSharpness = recording.latest(.preconditionedSharpness)
    progress.threshold = recording.latest(.stabilityThreshold)
    return progress
  }
}
