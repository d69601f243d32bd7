// Every key of a job file, with type, range, default and meaning. Parsing, suggestions, run ids and
// jobs/README.md all follow from this table; to add a key, add a line here and read it in
// RunConfiguration+Settings.swift.
//
// A new key must have a default that leaves old runs as they were: run ids omit keys at their default.

import Datasets
internal import Learning
internal import Probes
internal import Optimizers

enum KeyRegistry {
  /// The sections: keys that hold a map.
  static let sections = ["data", "model", "optimizer", "schedule", "init", "stop", "measure"]

  /// All keys, in the order of the documentation.
  static let keys: [Key] =
    sweepKeys + runKeys + dataKeys + modelKeys + optimizerKeys + scheduleKeys + stopKeys + measureKeys

  /// The key at a path.
  static func key(_ path: String) -> Key? { byPath[path] }

  /// Whether a path is a section; the empty path, the whole job, is one.
  static func isSection(_ path: String) -> Bool { path.isEmpty || sections.contains(path) }

  /// The keys and sections that stand directly in a section, by name.
  static func names(in section: String) -> [String] {
    keys.filter { $0.section == section }.map(\.name) + (section.isEmpty ? sections + ["grid"] : [])
  }

  private static let byPath = Dictionary(uniqueKeysWithValues: keys.map { ($0.path, $0) })

  private static let sweepKeys = [
    Key(
      "name", .text, .required, scope: .sweep,
      about: "Name of the sweep: letters, digits, '.', '_' and '-'. It does not enter run ids."),
    Key(
      "ranks_per_run", .powerOfTwo(or: ["auto"]), .value("auto"), scope: .sweep,
      about:
        "Ranks that share a run. `auto`: one while there are enough runs, more towards the end. Never changes a result."
    ),
    Key(
      "residual_memory", .real(.nonNegative), .value(1.0), scope: .sweep,
      about:
        "GiB of memory in which a rank keeps, from one Hessian product to the next, what they need of the weights, one block in any case; what does not fit is computed again in every product. Never changes a result."
    ),
  ]

  private static let runKeys = [
    Key(
      "loss", .choice(Loss.allCases.map(\.rawValue)), .value("mse"),
      about:
        "What training minimises, averaged over the examples: `mse` is half the squared error summed over outputs, `cross-entropy` the cross-entropy of the softmax (with `signed` targets the logistic loss)."
    ),
    Key("learning_rate", .real(.positive), .required, about: "Step size eta; `schedule` changes it."),
    Key(
      "batch_size", .integer(1...Int.max, or: ["full"]), .value("full"),
      about:
        "Examples per step; `full` for all of them. Batches are drawn without replacement, epoch by epoch."),
    Key(
      "block_size", .integer(1...1 << 31, or: ["auto"]), .value("auto"),
      about:
        "Examples per block of a sum. Decides rounding, and how many ranks can share a run: one per block. `auto`: 25 for `cnn`, whose blocks should fit the cache, 250 for other models."
    ),
    Key(
      "seed", .integer(0...Int.max), .value(0),
      about: "Seed of the initial weights, the batches and the probes."),
    Key(
      "precision", .choice(["float", "double"]), .value("float"),
      about: "Number type of weights and gradients."),
    Key(
      "keep_weights", .choice(["none", "final"]), .value("none"),
      about: "Which weights are stored with the results."),
    Key(
      "init.file", .path, .value("none"),
      about: "HDF5 file with a dataset `weights` to start from, in PyTorch's order; `none`: random weights."),
  ]

  private static let stopKeys = [
    Key("stop.steps", .integer(0...10_000_000_000), .value(1000), about: "Steps after which a run ends."),
    Key(
      "stop.train_accuracy", .real(.fraction, or: ["none"]), .value("none"),
      about:
        "Ends a run as soon as the accuracy over all training examples reaches this; with minibatches judged once an epoch; needs classes."
    ),
    Key(
      "stop.train_loss", .real(.positive, or: ["none"]), .value("none"),
      about:
        "Ends a run as soon as the loss over all training examples is at or below this; with minibatches judged once an epoch."
    ),
    Key(
      "stop.loss_limit", .real(Interval(lower: 1)), .value(1e4),
      about:
        "A run whose loss exceeds this times the larger of its first loss and that of zero weights has diverged."
    ),
  ]

  private static let measureKeys = [
    Key(
      "measure.every", .integer(1...Int.max, or: ["never"]), .value(10), about: "Steps between measurements."),
    Key(
      "measure.at", .choice(MeasuredWeights.allCases.map(\.rawValue)), .value("iterate"),
      about:
        "Weights at which a measurement is taken: those before the step, or the midpoint (w_(t-1) + 2 w_t + w_(t+1)) / 4."
    ),
    Key("measure.top", .integer(1...1000), .value(2), about: "Number of eigenvalues, from the largest."),
    Key(
      "measure.track", .real(.fraction, or: ["none"]), .value("none"),
      about:
        "Also measures every further eigenvalue above this fraction of the stability threshold, as many as there are."
    ),
    Key(
      "measure.max_tracked", .integer(1...1000), .value(20),
      about: "The most eigenvalues that are measured because of `track`."),
    Key(
      "measure.smallest", .flag, .value(false),
      about: "Also measures the smallest (most negative) eigenvalue of the Hessian."),
    Key(
      "measure.cold_every", .integer(1...Int.max, or: ["never"]), .value(50),
      about:
        "Measurements after which one starts from random vectors instead of the last ones, to find what was missed. 1 is safest where the Hessian changes fast, as with cross-entropy on few examples or small batches, at about twice the cost."
    ),
    Key(
      "measure.examples", .integer(1...Int.max, or: ["all"]), .value("all"),
      about: "Training examples over which the Hessian is measured, evenly spread over the data."),
    Key(
      "measure.tolerance", .real(Interval(lower: 0, upper: 1)), .value(5e-3),
      about: "Residual of every eigenvalue, relative to the largest."),
    Key(
      "measure.max_products", .integer(1...Int.max), .value(500),
      about: "Hessian products after which a search for eigenvalues stops, converged or not."),
    Key(
      "measure.preconditioned", .flag, .value(true),
      about: "Also measures the preconditioned Hessian, for optimizers that have a preconditioner."),
    Key("measure.test", .flag, .value(true), about: "Also evaluates the test set, where the data has one."),
    Key(
      "measure.trace", .integer(2...Int.max, or: ["none"]), .value("none"),
      about: "Estimates the trace of the Hessians from so many random probes, a product each."),
    Key(
      "measure.density_probes", .integer(1...10_000, or: ["none"]), .value("none"),
      about: "Estimates the spectral density of the Hessians from so many random probes."),
    Key(
      "measure.density_steps", .integer(1...1000), .value(32),
      about: "Nodes per probe of a spectral density, a product each."),
    Key(
      "measure.density_every", .integer(1...Int.max), .value(1),
      about: "Measurements from one spectral density to the next."),
    Key(
      "measure.per_layer", .flag, .value(false),
      about: "Also measures the largest eigenvalue of each layer's block of the Hessian."),
    Key(
      "measure.alignments", .flag, .value(false),
      about: "Also records the squared cosine of the gradient with every eigenvector."),
    Key(
      "measure.overlaps", .flag, .value(false),
      about: "Also records how much of every eigenvector lies in the span of the last measurement's."),
    Key(
      "measure.direction", .flag, .value(false),
      about: "Also measures the curvature along the update, and its progress against the gradient's promise."),
    Key(
      "measure.batch_sharpness", .integer(1...1_000_000, or: ["none"]), .value("none"),
      about: "Measures batch sharpness over so many batches."),
    Key(
      "measure.batch_hessian", .flag, .value(false),
      about: "Also measures the sharpness of the step's own batch."),
    Key(
      "measure.noise_scale", .integer(1...1_000_000, or: ["none"]), .value("none"),
      about: "Measures the gradient noise scale over so many batches, where batches are not full."),
  ]

  private static let optimizerKeys = [
    Key("optimizer.name", .choice(OptimizerConfiguration.names), .required, about: "Update rule."),
    optimizer(.momentum, .real(.decay), about: "Decay beta of the sum or average of past gradients."),
    optimizer(
      .nu, .real(Interval(lower: 0, upper: 1, includesLower: true, includesUpper: true)),
      about: "Weight of the average; the newest gradient has 1 - nu."),
    optimizer(.beta1, .real(.decay), about: "Decay of the average gradient."),
    optimizer(.beta2, .real(.decay), about: "Decay of the average squared gradient."),
    optimizer(
      .epsilon, .real(.nonNegative),
      about:
        "Added to the root of the average squared gradient; for adadelta under the roots, for adafactor to the squares."
    ),
    optimizer(.biasCorrection, .flag, about: "Divides each average by 1 - beta^t."),
    optimizer(
      .exponent, .real(.fraction), about: "Exponent of the average squared gradient in the place of the root."
    ),
    optimizer(
      .runningMaximum, .flag, about: "Takes the largest average squared gradient so far, as amsgrad does."),
    optimizer(
      .initialAccumulator, .real(.nonNegative), about: "Sum of squared gradients before the first step."),
    optimizer(
      .momentumDecay, .real(.nonNegative),
      about: "Psi of the schedule mu_t = beta1 (1 - 0.96^(psi t) / 2), in PyTorch 0.004; 0: mu_t is beta1."),
    optimizer(
      .decayRate, .real(.positive, or: ["none"]),
      about: "Exponent c of the decay 1 - t^-c, which then stands for beta2; in the paper 0.8."),
    optimizer(
      .clip, .real(.positive, or: ["none"]),
      about: "Root mean square of an update at which it is clipped, array by array; in the paper 1."),
    optimizer(
      .relativeStep, .flag,
      about: "Step sizes in units of the root mean square of each parameter array, at least 0.001."),
    optimizer(
      .weightDecay, .real(.nonNegative),
      about:
        "Rate delta. Adds delta w to the gradient, so delta I to the Hessian; for adamw subtracts eta delta w instead."
    ),
    optimizer(
      .freezePreconditioner, .integer(0...Int.max, or: ["none"]),
      about: "Step from which on the preconditioner stays as it is there."),
  ]

  /// The key of a hyper-parameter, which the optimizers themselves say who has it, with which default.
  private static func optimizer(_ parameter: Hyperparameter, _ kind: KeyKind, about: String) -> Key {
    let defaults = OptimizerConfiguration.defaults(of: parameter).map {
      Key.Default.of($0.optimizer, KeyValue($0.value))
    }
    return Key("optimizer.\(parameter.rawValue)", kind, defaults, about: about)
  }

  private static let scheduleKeys = [
    Key(
      "schedule.name", .choice(["constant", "piecewise", "cosine"]), .value("constant"),
      about: "Course of the step size after the warm-up."),
    Key(
      "schedule.warmup", .integer(0...Int.max), .value(0),
      about: "Steps over which the step size rises linearly: step t, from 0, has (t + 1) / warmup of it."),
    Key(
      "schedule.unit", .choice(["absolute", "critical"]), .value("absolute"),
      about:
        "What `learning_rate` counts in. `critical`: step sizes at which the sharpness of the first weights is the threshold, with filter and preconditioner as they are after the first gradient."
    ),
    Key(
      "schedule.at", .integers(0...Int.max), .of("piecewise", nil),
      about: "Steps from which on another step size holds, in increasing order."),
    Key(
      "schedule.factors", .reals(.positive), .of("piecewise", nil),
      about: "What `learning_rate` is multiplied by from each of these steps on."),
    Key(
      "schedule.steps", .integer(1...Int.max, or: ["all"]), .of("cosine", "all"),
      about:
        "Step at which the cosine, which begins after the warm-up, has come down; `all`: the last, `stop.steps`."
    ),
    Key(
      "schedule.final", .real(Interval(lower: 0, upper: 1, includesLower: true, includesUpper: true)),
      .of("cosine", 0.0), about: "Fraction of the step size to which the cosine comes down."),
  ]

  private static let modelKeys = [
    Key("model.name", .choice(["mlp", "cnn", "deep-linear"]), .required, about: "Network."),
    Key(
      "model.channels", .integers(1...1_000_000), .of("cnn", .integers([32, 32])),
      about: "Channels of the convolutions, each followed by the activation and the pooling."),
    Key(
      "model.kernel", .integer(1...1000), .of("cnn", 3),
      about: "Rows and columns of the convolutions' windows."),
    Key("model.padding", .integer(0...1000), .of("cnn", 1), about: "Zeros around the images, on all sides."),
    Key(
      "model.pooling", .choice(CNNConfiguration.Pooling.allCases.map(\.rawValue)), .of("cnn", "average"),
      about: "What is made of every 2 x 2 pixels after an activation."),
    Key(
      "model.hidden", .integers(1...1_000_000), .of("mlp", .integers([200, 200])), .of("cnn", .integers([])),
      about: "Widths of the hidden affine layers, of a cnn those after the convolutions; [] for none."),
    Key(
      "model.activation", .choice(Activation.allCases.map(\.rawValue)), .of("mlp", "tanh"),
      .of("cnn", "tanh"), about: "Function after every layer but the last."),
    Key(
      "model.bias", .flag, .of("mlp", true), .of("cnn", true),
      about: "Whether layers before the last have biases."),
    Key(
      "model.output_bias", .choice(["same", "true", "false"]), .of("mlp", "same"), .of("cnn", "same"),
      about: "Whether the last layer has a bias; `same`: as `bias` says."),
    Key(
      "model.gains", .reals(.positive), .of("mlp", .reals([])), .of("cnn", .reals([])),
      about: "Factors on the initial weights, layer by layer; missing ones are 1."),
    Key(
      "model.initialization", .choice(Initialization.allCases.map(\.rawValue)), .of("mlp", "uniform-fan-in"),
      .of("cnn", "uniform-fan-in"),
      about: "Distribution of the initial weights."),
    Key("model.depth", .integer(1...10_000), .of("deep-linear", 20), about: "Number of weight matrices."),
    Key(
      "model.width", .integer(1...1_000_000), .of("deep-linear", 50),
      about: "Width of the layers between them."),
  ]

  private static let dataKeys = [
    Key(
      "data.name", .choice(["chebyshev", "deep-linear", "gaussian-mixture", "cifar10", "idx", "hdf5"]),
      .required, about: "Dataset."),
    Key(
      "data.path", .path, .of("cifar10", nil), .of("hdf5", nil), .of("idx", "none"),
      about: "File or directory, relative to the working directory."),
    Key("data.degree", .integer(0...1000), .of("chebyshev", 4), about: "Degree of the Chebyshev polynomial."),
    Key("data.points", .integer(2...100_000_000), .of("chebyshev", 20), about: "Points on [-1, 1]."),
    Key("data.dimension", .integer(1...100_000), .of("deep-linear", 50), about: "Features, and outputs."),
    Key(
      "data.examples", .integer(1...100_000_000, or: ["all"]), .of("deep-linear", 50),
      .of("gaussian-mixture", 1000), .of("cifar10", "all"), .of("idx", "all"), .of("hdf5", "all"),
      about: "Training examples; `all` (only where the data comes from files): all there are."),
    Key("data.features", .integer(1...1_000_000), .of("gaussian-mixture", 100), about: "Features."),
    Key(
      "data.classes", .integer(2...100_000, or: ["all"]), .of("gaussian-mixture", 10), .of("cifar10", "all"),
      .of("idx", "all"), about: "Classes; of files, examples of the first so many classes are used."),
    Key(
      "data.exponent", .real(.nonNegative), .of("gaussian-mixture", 1.0),
      about: "Decay of the spectrum: feature i has variance proportional to i^-exponent."),
    Key(
      "data.separation", .real(.nonNegative), .of("gaussian-mixture", 1.0),
      about: "Scale of the class means against the noise."),
    Key(
      "data.subset", .choice(["first", "per-class"]), .of("cifar10", "first"), .of("idx", "first"),
      about: "The first `examples` in file order, or the first `examples / classes` of each class."),
    Key(
      "data.standardize", .choice(["pixel", "channel", "none"]), .of("cifar10", "pixel"), .of("idx", "pixel"),
      about: "Over what mean and standard deviation are taken, always over all training files."),
    Key(
      "data.test", .path, .of("cifar10", "automatic"),
      about: "File of test records; `automatic`: `test_batch.bin` of the directory, if it is there."),
    Key(
      "data.test_examples", .integer(0...100_000_000, or: ["all"]), .of("gaussian-mixture", 0),
      .of("cifar10", "all"), .of("idx", "all"), about: "Test examples."),
    Key(
      "data.targets", .choice(TargetEncoding.allCases.map(\.rawValue)), .of("gaussian-mixture", "one-hot"),
      .of("cifar10", "one-hot"), .of("idx", "one-hot"), .of("hdf5", "one-hot"),
      about: "One output per class (0 or 1), or for two classes one output (-1 or +1)."),
    Key(
      "data.image", .integers(1...1_000_000), .of("hdf5", .integers([])),
      about:
        "Channels, rows and columns of an input that is an image; []: as the axes of `x` say, if there are four."
    ),
    Key(
      "data.images", .path, .of("idx", "none"),
      about: "Training images, where they are not in `path` by their usual name."),
    Key("data.labels", .path, .of("idx", "none"), about: "Training labels, likewise."),
    Key("data.test_images", .path, .of("idx", "none"), about: "Test images, likewise."),
    Key("data.test_labels", .path, .of("idx", "none"), about: "Test labels, likewise."),
    Key(
      "data.seed", .integer(0...Int.max), .of("deep-linear", 0), .of("gaussian-mixture", 0),
      about: "Seed of the data, independent of the run's seed."),
  ]
}
