import Jobs
import LinearAlgebra
import Schema
package import Shards

extension Trainer {
  /// The record of the run as it stands: of one that has ended, or of one that can go on.
  package func record(_ ending: TrainingEnding, sessions: [RunSession]) -> RunRecord {
    var record = RunRecord(configuration: experiment.run, data: nil)
    recording.write(to: &record)
    for (variable, texts) in labels { record.set(variable, texts) }
    record.set(.learningRate, dynamics.learningRate)
    record.set(.batchSize, experiment.batchSize)
    record.set(.examples, experiment.examples)
    record.set(.parameters, weights.count)
    record.set(.hessianProducts, recording.hessianProducts)
    record.set(ending)
    record.set(CrossingAnalysis(recording, hasDiverged: record.status == .diverged))
    record.set(sessions)
    if experiment.run.keptWeights != .none, ending != .left { record.weights = Weights(weights) }
    return record
  }
}

extension RunRecord {
  fileprivate mutating func set(_ ending: TrainingEnding) {
    switch ending {
    case .ended(.finished(let reason)):
      status = .finished
      set(.stopReason, reason.rawValue)
    case .ended(.diverged(let step)):
      status = .diverged
      set(.divergedStep, step)
    case .ended(.halted(let halt)):
      status = .halted
      set(.stopReason, halt.reason)
      set(.stopDetail, halt.detail)
    case .left: status = .interrupted
    }
  }

  fileprivate mutating func set(_ analysis: CrossingAnalysis) {
    regime = analysis.regime
    if let step = analysis.firstCrossingStep { set(.firstCrossingStep, step) }
    set(.ratioBeforeCrossing, analysis.ratioBefore ?? .nan)
    set(.ratioAfterCrossing, analysis.ratioAfter ?? .nan)
    set(.plateauRatio, analysis.plateauRatio ?? .nan)
    set(.largestSharpness, analysis.largestSharpness ?? .nan)
    set(.lossIncreases, analysis.lossIncreases)
  }

  fileprivate mutating func set(_ sessions: [RunSession]) {
    guard let last = sessions.last else { return }
    set(.wallSeconds, sessions.reduce(0) { $0 + $1.seconds })
    set(.ranks, last.ranks)
    set(.numerics, last.numerics)
    set(.sessionsJson, sessions.json)
  }
}
