import LinearAlgebra
import Measurement
import Shards

/// How a run ended.
enum RunOutcome: Sendable, Equatable {
  case finished(StopReason)
  /// The loss was not finite, or had grown past its limit, at this step: a result, not a failure.
  case diverged(step: Int)
}

/// Why a finished run stopped.
enum StopReason: String, Sendable {
  case steps
  case trainAccuracy = "train_accuracy"
  case trainLoss = "train_loss"
}

/// Everything recorded along one run.
///
/// Per-step columns hold the values at `w_0 ... w_(steps - 1)`.
struct RunResult: Sendable {
  var outcome = RunOutcome.finished(.steps)
  var trainLoss: [Double] = []
  /// NaN where the task has no accuracy.
  var trainAccuracy: [Double] = []
  var gradientNorm: [Double] = []
  /// The step sizes that the schedule gave.
  var stepSize: [Double] = []
  /// The step size that the schedule scales, in absolute numbers.
  var learningRate = Double.nan
  var measurements: [Measurement] = []
  /// What quantities say of the whole run: texts by the names of their variables.
  var labels: [String: [String]] = [:]
  var parameterCount = 0
  var examples = 0
  /// Examples per step.
  var batchSize = 0
  /// The weights after the last update, when the job keeps them.
  var finalWeights: Weights?
  var wallSeconds = 0.0

  var steps: Int { trainLoss.count }
  var hessianProducts: Int { measurements.reduce(0) { $0 + $1.products } }

  /// Makes room for the columns; a step limit that is never meant to be reached takes no memory.
  mutating func reserve(steps limit: Int) {
    let steps = min(limit, 1_000_000)
    trainLoss.reserveCapacity(steps)
    trainAccuracy.reserveCapacity(steps)
    gradientNorm.reserveCapacity(steps)
  }
}

extension Weights {
  /// Copies the weights in their own precision.
  init<Scalar: RealScalar>(_ weights: Vector<Scalar>) {
    let values = weights.array
    self = (values as? [Float]).map(Weights.float) ?? .double(values.map(Double.init))
  }
}
