// The keys of a run that belong to no part of it, and how it is read from its settings.

import Datasets
import Flows
import Learning
import Optimizers
import Probes
import Schema

extension RunConfiguration {
  /// All keys of a run, in the order of the documentation.
  static let keys: [Key] =
    [
      Loss.key, learningRateKey, batchSizeKey, blockSizeKey, seedKey, precisionKey, keptWeightsKey,
      keptStateKey,
    ] + DataConfiguration.keys + ModelConfiguration.keys + OptimizerConfiguration.keys
    + LearningRateSchedule.keys + [unitKey, processKey] + FlowRule.keys + [initialWeightsKey]
    + RunOrigin.keys + StopRule.keys + MeasurementRule.keys
    + Quantities.keys

  /// The same by section.
  static let sections = KeySections(keys)

  private static let learningRateKey = Key(
    "learning_rate", .real(.positive), about: "Step size eta; `schedule` changes it.")
  private static let batchSizeKey = Key(
    "batch_size", .integer(1...Int.max, or: ["full"]), default: "full",
    about: "Examples per step; `full` for all of them. Batches are drawn without replacement, epoch by epoch."
  )
  private static let blockSizeKey = Key(
    "block_size", .integer(1...1 << 31, or: ["auto"]), default: "auto",
    about:
      "Examples per block of a sum. Decides rounding, and how many ranks can share a run: one per block. `auto`: 25 for `cnn`, whose blocks should fit the cache, 250 for other models."
  )
  private static let seedKey = Key(
    "seed", .integer(0...Int.max), default: 0,
    about: "Seed of the initial weights, the batches and the probes.")
  private static let precisionKey = Key(
    "precision", .choice(of: Precision.self), default: "float",
    about: "Number type of weights and gradients.")
  private static let keptWeightsKey = Key(
    "keep_weights", .interval(or: ["none", "final"]), default: "none",
    about:
      "Which weights are stored with the results: those at the end, or also those before every n-th step (for small networks: they stay in memory to the end of the run)."
  )
  private static let keptStateKey = Key(
    "keep_state", .flag, default: false,
    about:
      "Whether the state at the end is kept, so that a longer run of the same trajectory goes on from there, and others can branch off (`init.run`)."
  )
  private static let initialWeightsKey = Key(
    "init.file", .path(unset: "none"), default: "none",
    about: "HDF5 file with a dataset `weights` to start from, in PyTorch's order; `none`: random weights.")
  private static let processKey = Key(
    "process", .choice(["optimizer"] + FlowKind.allCases.map(\.rawValue)), default: "optimizer",
    about:
      "What moves the weights: the optimizer, or a flow that stands for it, a step of which is as long as one of the optimizer's. `gradient-flow` and `rod-flow` are there for `gd`, the others also for `scalar-rmsprop` and `rmsprop`."
  )
  private static let unitKey = Key(
    "schedule.unit", .choice(of: LearningRateUnit.self), default: "absolute",
    about:
      "What `learning_rate` counts in. `critical`: step sizes at which the sharpness of the first weights is the threshold, with filter and preconditioner as they are after the first gradient."
  )

  /// Creates the run of a point of the grid, whose keys have been checked.
  init(shared: PlacedSettings, point: Point) {
    var reader = RunReader(shared: shared)
    self = reader.run(at: point)
  }

  /// Creates the run of a point from its settings and its id; what no section of `changed` decides is as in `known`.
  init(
    shared: PlacedSettings, point: Point, _ settings: Settings, id: String, texts: RunTexts,
    like known: RunConfiguration? = nil, but changed: Set<String> = []
  ) {
    func part<Part>(_ sections: String..., known path: KeyPath<RunConfiguration, Part>, _ read: () -> Part)
      -> Part
    {
      guard let known, changed.isDisjoint(with: sections) else { return read() }
      return known[keyPath: path]
    }
    (self.shared, self.point, self.id, self.texts) = (shared, point, id, texts)
    data = part("data", known: \.data) { DataConfiguration(settings) }
    model = part("model", known: \.model) { ModelConfiguration(settings) }
    loss = settings.value(Loss.key)
    optimizer = part("optimizer", known: \.optimizer) { OptimizerConfiguration(settings) }
    process = settings.value(Self.processKey)
    flow = part("flow", known: \.flow) { FlowRule(settings) }
    let stop = part("stop", known: \.stop) { StopRule(settings) }
    self.stop = stop
    learningRate = settings.value(Self.learningRateKey)
    learningRateUnit = settings.value(Self.unitKey)
    schedule = part("schedule", "stop", known: \.schedule) {
      LearningRateSchedule(settings, lastStep: stop.steps)
    }
    batchSize = settings.value(Self.batchSizeKey, as: Int?.self).map(BatchSize.examples) ?? .full
    blockSize = settings.value(Self.blockSizeKey) ?? model.blockSize
    seed = settings.value(Self.seedKey)
    precision = settings.value(Self.precisionKey)
    initialWeightsFile = settings.value(Self.initialWeightsKey)
    keptWeights = settings.value(Self.keptWeightsKey)
    keepsState = settings.value(Self.keptStateKey)
    origin = part("init", known: \.origin) {
      let origin = RunOrigin(settings)
      return origin.run == nil ? nil : origin
    }
    measure = part("measure", known: \.measure) { MeasurementRule(all: settings) }
  }

  /// Reads back what `configJSON` gave.
  ///
  /// JSON is YAML: it is read like a job of one run without a name.
  package init(configJSON text: String, of file: String) throws(JobError) {
    let root = try JobNode.parse(yaml: text, file: file)
    var expansion = GridExpansion(log: ProblemLog(file: file))
    let settings = PlacedSettings(expansion.shared(root.entries ?? []))
    var log = expansion.log
    try log.throwIfAny()
    settings.check(log: &log)
    try log.throwIfAny()
    self.init(shared: settings, point: [])
  }
}
