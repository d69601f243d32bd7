import Jobs
import Learning
import Schema
import Shards

@testable import Training

/// A run that was trained in double precision on one rank.
struct Trained {
  let outcome: RunOutcome
  let recording: Recording
  let record: RunRecord

  /// Trains a run; `betweenSteps` hears of the number of steps done.
  init(_ run: RunConfiguration, betweenSteps: (Int) throws -> Void = { _ in }) throws {
    let experiment = try Experiment<Double>(run)
    let shapes = experiment.model.layout.segments.map(\.shape)
    let trainer = try Trainer(experiment, dynamics: DiscreteSteps(run, shapes: shapes))
    let ending = try trainer.train { try betweenSteps(trainer.step) }
    guard case .ended(let outcome) = ending else { throw GroupLeaving() }
    self.outcome = outcome
    recording = trainer.recording
    record = trainer.record(ending, sessions: [])
  }

  var steps: Int { recording.steps }
  var trainLoss: [Double] { recording.trainLoss }
  var gradientNorm: [Double] { recording.gradientNorm }
  var stepSize: [Double] { recording.stepSize }
  var learningRate: Double { record.real(.learningRate) ?? .nan }
  var measuredSteps: [Int] { recording.values(.measuredStep).map { Int($0) } }
}
