import Datasets
package import LinearAlgebra
package import Probes
package import Shards
package import Schema

/// How a run ended.
package enum RunOutcome: Sendable, Equatable {
  case finished(StopReason)
  /// The loss was not finite, or had grown past its limit, at this step: a result, not a failure.
  case diverged(step: Int)
}

/// Why a finished run stopped.
package enum StopReason: String, Sendable {
  case steps
  case trainAccuracy = "train_accuracy"
  case trainLoss = "train_loss"
}

/// Everything recorded along one run.
///
/// Per-step columns hold the values at `w_0 ... w_(steps - 1)`.
package struct RunResult: Sendable {
  package var outcome = RunOutcome.finished(.steps)
  package var trainLoss: [Double] = []
  /// NaN where the task has no accuracy.
  package var trainAccuracy: [Double] = []
  var gradientNorm: [Double] = []
  /// The step sizes that the schedule gave.
  var stepSize: [Double] = []
  /// The step size that the schedule scales, in absolute numbers.
  package var learningRate = Double.nan
  package var measurements: [Measurement] = []
  /// What quantities say of the whole run: texts by their variables.
  package var labels: [Variable: [String]] = [:]
  package var parameterCount = 0
  package var examples = 0
  /// Examples per step.
  package var batchSize = 0
  /// The weights after the last update, when the job keeps them.
  var finalWeights: Weights?
  package var wallSeconds = 0.0

  package var steps: Int { trainLoss.count }
  var hessianProducts: Int { measurements.reduce(0) { $0 + $1.products } }

  /// Makes room for the columns; a step limit that is never meant to be reached takes no memory.
  package mutating func reserve(steps limit: Int) {
    let steps = min(limit, 1_000_000)
    trainLoss.reserveCapacity(steps)
    trainAccuracy.reserveCapacity(steps)
    gradientNorm.reserveCapacity(steps)
  }
}

extension Weights {
  /// Copies the weights in their own precision.
  package init<Scalar: RealScalar>(_ weights: Vector<Scalar>) {
    let values = weights.array
    self = (values as? [Float]).map(Weights.float) ?? .double(values.map(Double.init))
  }
}
