// From resolved settings to typed configurations: the one place that names every key a second time.

import Datasets
import Learning
import Probes
import Optimizers
import Spectra

extension RunConfiguration {
  /// Creates the run of a point of the grid, whose keys have been checked.
  init(shared: Settings, point: Point) {
    self.shared = shared
    self.point = point
    let settings = shared.overlaid(with: point).withDefaults
    id = RunIdentity.id(of: settings)
    data = settings.data
    model = settings.model
    loss = settings.choice("loss")
    optimizer = settings.optimizer
    learningRate = settings.real("learning_rate")
    learningRateUnit = settings.choice("schedule.unit")
    schedule = settings.schedule
    batchSize = settings.integer(orWord: "batch_size").map(BatchSize.examples) ?? .full
    blockSize = settings.integer(orWord: "block_size") ?? model.blockSize
    seed = settings.integer("seed")
    precision = settings.choice("precision")
    initialWeightsFile = settings.optionalText("init.file")
    keptWeights = settings.choice("keep_weights")
    stop = StopRule(
      steps: settings.integer("stop.steps"), trainAccuracy: settings.real(orWord: "stop.train_accuracy"),
      trainLoss: settings.real(orWord: "stop.train_loss"), lossLimit: settings.real("stop.loss_limit"))
    measure = MeasurementRule(
      every: settings.integer(orWord: "measure.every"), at: settings.choice("measure.at"),
      top: settings.integer("measure.top"), track: settings.real(orWord: "measure.track"),
      maximumTracked: settings.integer("measure.max_tracked"), smallest: settings.flag("measure.smallest"),
      coldInterval: settings.integer(orWord: "measure.cold_every"),
      tolerance: settings.real("measure.tolerance"),
      maximumProducts: settings.integer("measure.max_products"),
      preconditioned: settings.flag("measure.preconditioned"), test: settings.flag("measure.test"),
      examples: settings.integer(orWord: "measure.examples"), quantities: settings.quantities)
  }
}

// MARK: - Sections

extension Settings {
  /// The quantities that are asked for; those that need other examples than the measured ones come last.
  fileprivate var quantities: [QuantityConfiguration] {
    let solver = BlockKrylov(
      count: 1, tolerance: real("measure.tolerance"), maximumProducts: integer("measure.max_products"))
    let cold = integer(orWord: "measure.cold_every")
    let all: [QuantityConfiguration?] = [
      flag("measure.alignments") ? .alignments : nil,
      flag("measure.overlaps") ? .overlaps : nil,
      flag("measure.per_layer") ? .perLayer(solver, coldInterval: cold) : nil,
      integer(orWord: "measure.trace").map { .trace(probes: $0) },
      integer(orWord: "measure.density_probes").map {
        .density(
          probes: $0, steps: integer("measure.density_steps"), every: integer("measure.density_every"))
      },
      flag("measure.direction") ? .direction : nil,
      integer(orWord: "measure.noise_scale").map { .noiseScale(batches: $0) },
      integer(orWord: "measure.batch_sharpness").map { .batchSharpness(batches: $0) },
      flag("measure.batch_hessian") ? .batchHessian(solver, coldInterval: cold) : nil,
    ]
    return all.compactMap(\.self)
  }

  fileprivate var optimizer: OptimizerConfiguration {
    var hyperparameters: Hyperparameters = [:]
    for parameter in Hyperparameter.allCases {
      hyperparameters[value: parameter] = self["optimizer.\(parameter.rawValue)"].map(
        HyperparameterValue.init)
    }
    return OptimizerConfiguration(text("optimizer.name"), hyperparameters)
  }

  fileprivate var schedule: LearningRateSchedule {
    let course: LearningRateSchedule.Course =
      switch text("schedule.name") {
      case "piecewise": .piecewise(steps: integers("schedule.at"), factors: reals("schedule.factors"))
      case "cosine":
        .cosine(
          steps: integer(orWord: "schedule.steps") ?? integer("stop.steps"), final: real("schedule.final"))
      default: .constant
      }
    return LearningRateSchedule(course, warmup: integer("schedule.warmup"))
  }

  fileprivate var model: ModelConfiguration {
    switch text("model.name") {
    case "mlp":
      .mlp(
        MLPConfiguration(
          hidden: integers("model.hidden"), activation: choice("model.activation"), bias: flag("model.bias"),
          outputBias: Bool(text("model.output_bias")), gains: reals("model.gains"),
          initialization: choice("model.initialization")))
    case "cnn": .cnn(cnn)
    case "deep-linear":
      .deepLinear(DeepLinearConfiguration(depth: integer("model.depth"), width: integer("model.width")))
    default: preconditionFailure("The registry knows no other model.")
    }
  }

  private var cnn: CNNConfiguration {
    CNNConfiguration(
      channels: integers("model.channels"), kernel: integer("model.kernel"),
      padding: integer("model.padding"), pooling: choice("model.pooling"), hidden: integers("model.hidden"),
      activation: choice("model.activation"), bias: flag("model.bias"),
      outputBias: Bool(text("model.output_bias")), gains: reals("model.gains"),
      initialization: choice("model.initialization"))
  }

  fileprivate var data: DataConfiguration {
    switch text("data.name") {
    case "chebyshev":
      .chebyshev(ChebyshevData(degree: integer("data.degree"), points: integer("data.points")))
    case "deep-linear":
      .deepLinear(
        DeepLinearData(
          examples: integer("data.examples"), dimension: integer("data.dimension"), seed: dataSeed))
    case "gaussian-mixture": .gaussianMixture(gaussianMixture)
    case "cifar10":
      .cifar10(
        CIFAR10Data(
          path: text("data.path"), test: optionalText("data.test", unset: "automatic"), selection: selection))
    case "idx": .idx(idx)
    case "hdf5":
      .hdf5(
        HDF5Data(
          path: text("data.path"), examples: integer(orWord: "data.examples"),
          targets: choice("data.targets"),
          image: integers("data.image")))
    default: preconditionFailure("The registry knows no other dataset.")
    }
  }

  private var gaussianMixture: GaussianMixtureData {
    GaussianMixtureData(
      examples: integer("data.examples"), features: integer("data.features"),
      classes: integer("data.classes"),
      exponent: real("data.exponent"), separation: real("data.separation"),
      testExamples: integer("data.test_examples"), targets: choice("data.targets"), seed: dataSeed)
  }

  private var idx: IDXData {
    IDXData(
      path: optionalText("data.path"), images: optionalText("data.images"),
      labels: optionalText("data.labels"),
      testImages: optionalText("data.test_images"), testLabels: optionalText("data.test_labels"),
      selection: selection)
  }

  private var selection: ImageSelection {
    ImageSelection(
      examples: integer(orWord: "data.examples"), classes: integer(orWord: "data.classes"),
      subset: choice("data.subset"), standardize: choice("data.standardize"),
      testExamples: integer(orWord: "data.test_examples"), targets: choice("data.targets"))
  }

  private var dataSeed: UInt64 { UInt64(integer("data.seed")) }
}

// MARK: - Typed access

extension Settings {
  /// The value of a key of a known kind; anything else means that the registry and this file disagree.
  private func value<Value>(_ path: String, _ extract: (KeyValue) -> Value?) -> Value {
    guard let value = self[path].flatMap(extract) else {
      preconditionFailure("The registry gives '\(path)' another kind or no value.")
    }
    return value
  }

  fileprivate func text(_ path: String) -> String {
    value(path) { if case .text(let text) = $0 { text } else { nil } }
  }

  fileprivate func flag(_ path: String) -> Bool {
    value(path) { if case .flag(let flag) = $0 { flag } else { nil } }
  }

  fileprivate func integer(_ path: String) -> Int {
    value(path) { if case .integer(let integer) = $0 { integer } else { nil } }
  }

  fileprivate func real(_ path: String) -> Double {
    value(path) { if case .real(let real) = $0 { real } else { nil } }
  }

  fileprivate func integers(_ path: String) -> [Int] {
    value(path) { if case .integers(let integers) = $0 { integers } else { nil } }
  }

  fileprivate func reals(_ path: String) -> [Double] {
    value(path) { if case .reals(let reals) = $0 { reals } else { nil } }
  }

  fileprivate func choice<Choice: RawRepresentable<String>>(_ path: String) -> Choice {
    value(path) { if case .text(let name) = $0 { Choice(rawValue: name) } else { nil } }
  }

  fileprivate func integer(orWord path: String) -> Int? {
    if case .text = self[path] { nil } else { integer(path) }
  }

  fileprivate func real(orWord path: String) -> Double? {
    if case .text = self[path] { nil } else { real(path) }
  }

  fileprivate func optionalText(_ path: String, unset: String = "none") -> String? {
    text(path) == unset ? nil : text(path)
  }
}
