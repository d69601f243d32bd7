/// How `Trainer.train` came to its end.
package enum TrainingEnding: Sendable, Equatable {
  /// The run has ended.
  case ended(RunOutcome)
  /// The group leaves the run, which can go on from where it stands.
  case left
}

/// How a run ended.
package enum RunOutcome: Sendable, Equatable {
  case finished(StopReason)
  /// The loss was not finite, or had grown past its limit, at this step: a result, not a failure.
  case diverged(step: Int)
  /// What moves the weights could not go on from the last recorded step: a result too.
  case halted(Halt)
}

/// Why a finished run stopped.
package enum StopReason: String, Sendable {
  case steps
  case trainAccuracy = "train_accuracy"
  case trainLoss = "train_loss"
}
