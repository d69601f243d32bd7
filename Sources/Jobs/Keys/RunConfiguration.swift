// One run of a sweep, completely determined: what to train, how, and what to measure.

public import Datasets
public import Flows
public import Learning
public import Optimizers
public import Probes
package import Schema

/// The number of examples a step sees.
public enum BatchSize: Hashable, Sendable {
  /// All training examples.
  case full
  /// So many, drawn without replacement, epoch by epoch.
  case examples(Int)
}

/// What a step size counts in.
public enum LearningRateUnit: String, Hashable, Sendable, CaseIterable {
  /// As it is written.
  case absolute
  /// The step size for which the (preconditioned) sharpness at the first weights is the stability threshold.
  case critical
}

/// The number type of weights, gradients and eigenvectors.
public enum Precision: String, Hashable, Sendable, CaseIterable {
  case float
  case double
}

/// Which weights are stored with a run's results.
public enum KeptWeights: Hashable, Sendable {
  case none
  /// Those at the end.
  case final
  /// Those before the steps 0, n, 2n ... and those at the end.
  case every(Int)

  /// The steps from some that are kept to the next; nil where only those at the end are, or none.
  package var interval: Int? { if case .every(let steps) = self { steps } else { nil } }
}

/// A state of another run, from which a run branches off.
public struct RunOrigin: Hashable, Sendable {
  /// What is taken of the other run.
  public enum Part: String, Hashable, Sendable, CaseIterable {
    /// Its weights, and the state of its optimizer where this run has the same one.
    case all
    /// Its weights.
    case weights
  }

  /// The id of the other run.
  public var run: String?
  /// The step before which its state is taken; nil: the last that it kept.
  public var step: Int?
  /// What is taken.
  public var part = Part.all
}

/// When a run is saved, to go on after an interruption.
public struct CheckpointRule: Hashable, Codable, Sendable {
  /// Seconds of a run after which it is saved; nil: never because of time.
  public var seconds: Double?
  /// Steps after which it is saved; nil: never because of steps.
  public var steps: Int?

  /// Saves so often.
  public init(seconds: Double? = 600, steps: Int? = nil) { (self.seconds, self.steps) = (seconds, steps) }
}

/// When a run ends.
public struct StopRule: Hashable, Sendable {
  /// Steps after which the run ends.
  public var steps: Int = 1000
  /// Training accuracy at which it ends earlier; nil: never.
  public var trainAccuracy: Double?
  /// Training loss at or below which it ends earlier; nil: never.
  public var trainLoss: Double?
  /// The run has diverged when its loss exceeds this times the larger of its first loss and that of zero weights.
  public var lossLimit: Double = 1e4
}

extension StopRule: Configurable {
  package static let standard = StopRule()

  package static let bindings: [Binding<StopRule>] =
    [
      Binding(
        \.steps,
        Key(
          "stop.steps", .integer(0...10_000_000_000),
          about: "Steps after which a run ends.")),
      Binding(
        \.trainAccuracy,
        Key(
          "stop.train_accuracy", .real(.fraction, or: ["none"]),
          about:
            "Ends a run as soon as the accuracy over all training examples reaches this; with minibatches judged once an epoch; needs classes."
        )),
      Binding(
        \.trainLoss,
        Key(
          "stop.train_loss", .real(.positive, or: ["none"]),
          about:
            "Ends a run as soon as the loss over all training examples is at or below this; with minibatches judged once an epoch."
        )),
      Binding(
        \.lossLimit,
        Key(
          "stop.loss_limit", .real(Interval(lower: 1)),
          about:
            "A run whose loss exceeds this times the larger of its first loss and that of zero weights has diverged."
        )),
    ]
}

extension CheckpointRule: Configurable {
  package static let standard = CheckpointRule()

  package static let bindings: [Binding<CheckpointRule>] =
    [
      Binding(
        \.minutes,
        Key(
          "checkpoint.minutes", .real(.positive, or: ["never"]), scope: .sweep,
          about:
            "Minutes of a run after which it is saved, to go on from there when it was interrupted. Never changes a result."
        )),
      Binding(
        \.steps,
        Key(
          "checkpoint.steps", .integer(1...Int.max, or: ["none"]), scope: .sweep,
          about: "Steps of a run after which it is saved too. Never changes a result.")),
    ]

  private var minutes: Double? {
    get { seconds.map { $0 / 60 } }
    set { seconds = newValue.map { $0 * 60 } }
  }
}

extension RunOrigin: Configurable {
  package static let standard = RunOrigin()

  package static let bindings: [Binding<RunOrigin>] =
    [
      Binding(
        \.run,
        Key(
          "init.run", .path(unset: "none"),
          about:
            "Id of a run of this directory that kept its state, to start from; `none`: first weights of the run's own."
        )),
      Binding(
        \.step,
        Key(
          "init.step", .integer(0...Int.max, or: ["last"]),
          about: "Step of that run from whose state to start; `last`: the end.")),
      Binding(
        \.part,
        Key(
          "init.state", .choice(of: Part.self),
          about:
            "What to take of that run: its weights, and with `all` also the state of its optimizer where this run has the same one."
        )),
    ]
}

extension RunOrigin.Part: SettingValue {}
extension LearningRateUnit: SettingValue {}
extension Precision: SettingValue {}

extension KeptWeights: SettingValue {
  package init?(_ value: KeyValue, of kind: KeyKind) {
    switch value {
    case .integer(let steps): self = .every(steps)
    case .text("final"): self = .final
    case .text("none"): self = .none
    default: return nil
    }
  }

  package func keyValue(of kind: KeyKind) -> KeyValue {
    switch self {
    case .none: "none"
    case .final: "final"
    case .every(let steps): .integer(steps)
    }
  }
}

/// One run of a sweep.
///
/// Two runs with equal ids compute the same numbers.
public struct RunConfiguration: Sendable, Identifiable {
  /// `<optimizer>-<flow, where it is one>-lr<step size>-b<batch>-s<seed>-<hash>`, the same in every sweep that contains the run.
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
  /// The flow that moves the weights; nil: the optimizer does.
  public let process: FlowKind?
  /// How a flow is integrated.
  public let flow: FlowRule
  /// When the run ends.
  public let stop: StopRule
  /// What is measured.
  public let measure: MeasurementRule
  /// Which weights are stored.
  public let keptWeights: KeptWeights
  /// Whether the state at the end is kept.
  public let keepsState: Bool
  /// Another run from whose state this one starts; nil: from first weights of its own.
  public let origin: RunOrigin?

  /// The keys outside the grid, which all runs of a plan share in memory, and those of the run's point.
  let shared: PlacedSettings
  let point: Point
  /// Writes the settings down; runs of one reader share it.
  let texts: RunTexts

  /// The keys that were written for this run.
  var written: PlacedSettings { shared.overlaid(with: point) }

  /// All keys that exist for the run, with their values.
  var settings: Settings { written.withDefaults }

  /// The full resolved configuration as JSON with sorted keys.
  public var configJSON: String { texts.configJSON(of: self) }
}
