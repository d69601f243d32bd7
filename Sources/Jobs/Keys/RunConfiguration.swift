// One run of a sweep, completely determined: what to train, how, and what to measure.

public import Datasets
public import Learning
public import Probes
public import Optimizers

/// The number of examples a step sees.
public enum BatchSize: Hashable, Sendable {
  /// All training examples.
  case full
  /// So many, drawn without replacement, epoch by epoch.
  case examples(Int)
}

/// What a step size counts in.
public enum LearningRateUnit: String, Hashable, Sendable {
  /// As it is written.
  case absolute
  /// The step size for which the (preconditioned) sharpness at the first weights is the stability threshold.
  case critical
}

/// The number type of weights, gradients and eigenvectors.
public enum Precision: String, Hashable, Sendable {
  case float
  case double
}

/// Which weights are stored with a run's results.
public enum KeptWeights: String, Hashable, Sendable {
  case none
  case final
}

/// When a run ends.
public struct StopRule: Hashable, Sendable {
  /// Steps after which the run ends.
  public var steps: Int
  /// Training accuracy at which it ends earlier; nil: never.
  public var trainAccuracy: Double?
  /// Training loss at or below which it ends earlier; nil: never.
  public var trainLoss: Double?
  /// The run has diverged when its loss exceeds this times the larger of its first loss and that of zero weights.
  public var lossLimit: Double
}

/// What is measured along a run.
public struct MeasurementRule: Hashable, Sendable {
  /// Steps between measurements; nil: nothing is measured.
  public var every: Int?
  /// The weights at which it is measured.
  public var at: MeasuredWeights
  /// Number of eigenvalues, from the largest.
  public var top: Int
  /// Eigenvalues above this fraction of the stability threshold are measured too; nil: no more than `top`.
  public var track: Double?
  /// How many may be measured because of `track`.
  public var maximumTracked: Int
  /// Whether the smallest eigenvalue of the Hessian is measured too.
  public var smallest: Bool
  /// Every so many measurements one starts from random vectors; nil: only the first.
  public var coldInterval: Int?
  /// Residual wanted of every eigenvalue, relative to the largest.
  public var tolerance: Double
  /// Hessian products after which a search for eigenvalues stops, converged or not.
  public var maximumProducts: Int
  /// Whether the preconditioned Hessian is measured too, where the optimizer has a preconditioner.
  public var preconditioned: Bool
  /// Whether the test set is evaluated too, where the data has one.
  public var test: Bool
  /// The training examples over which the Hessian is measured, evenly spread; nil: all.
  public var examples: Int?
  /// What else is measured.
  public var quantities: [QuantityConfiguration]
}

/// One run of a sweep.
///
/// Two runs with equal ids compute the same numbers.
public struct RunConfiguration: Sendable, Identifiable {
  /// `<optimizer>-lr<step size>-b<batch>-s<seed>-<hash>`, the same in every sweep that contains the run.
  public let id: String
  /// The training data.
  public let data: DataConfiguration
  /// The network.
  public let model: ModelConfiguration
  /// What is minimised.
  public let loss: Loss
  /// The update rule.
  public let optimizer: OptimizerConfiguration
  /// The step size eta, in its unit.
  public let learningRate: Double
  /// What the step size counts in.
  public let learningRateUnit: LearningRateUnit
  /// How the step size changes along the run.
  public let schedule: LearningRateSchedule
  /// Examples per step.
  public let batchSize: BatchSize
  /// Examples per block of a sum.
  public let blockSize: Int
  /// Seed of initial weights, batches and probes.
  public let seed: Int
  /// Number type of weights and gradients.
  public let precision: Precision
  /// HDF5 file whose dataset `weights` the run starts from; nil: random weights.
  public let initialWeightsFile: String?
  /// When the run ends.
  public let stop: StopRule
  /// What is measured.
  public let measure: MeasurementRule
  /// Which weights are stored.
  public let keptWeights: KeptWeights

  /// The keys outside the grid, which all runs of a plan share in memory, and those of the run's point.
  let shared: Settings
  let point: Point

  /// The keys that were written for this run.
  var written: Settings { shared.overlaid(with: point) }

  /// The full resolved configuration as JSON with sorted keys.
  public var configJSON: String { written.withDefaults.json() }
}
