// What can be told of a dataset before training: from its keys where it is synthetic, by reading it where it comes from
// files, so that every missing, truncated or malformed file is found before anything runs.

internal import Learning
internal import Problems

/// The size of a dataset.
struct DataFacts: Hashable, Sendable {
  let examples: Int
  let features: Int
  let outputs: Int
  /// Whether the targets are classes.
  let hasClasses: Bool
  /// The shape of the features, where they are the pixels of an image.
  let image: ImageShape?

  /// Looks at a configuration, and at its files if it has any.
  init(_ data: DataConfiguration) throws(Problem) {
    switch data {
    case .chebyshev(let data):
      self.init(examples: data.points, features: 1, outputs: 1, hasClasses: false)
    case .deepLinear(let data):
      guard data.examples >= data.dimension else {
        throw Problem(
          "data.examples", "\(data.examples) examples cannot be orthogonal in \(data.dimension) dimensions",
          remedy: "write at least \(data.dimension)")
      }
      self.init(
        examples: data.examples, features: data.dimension, outputs: data.dimension, hasClasses: false)
      try checkSize(rows: data.examples)
    case .gaussianMixture(let data):
      let outputs = try Self.outputs(data.targets, classes: data.classes)
      self.init(examples: data.examples, features: data.features, outputs: outputs, hasClasses: true)
      try checkSize(rows: data.examples + data.testExamples + data.classes)
    case .cifar10, .idx, .hdf5:
      self.init(try Self.read(data))
    }
  }

  private init(examples: Int, features: Int, outputs: Int, hasClasses: Bool, image: ImageShape? = nil) {
    self.examples = examples
    self.features = features
    self.outputs = outputs
    self.hasClasses = hasClasses
    self.image = image
  }

  private init(_ data: Dataset<Float>) {
    self.init(
      examples: data.training.count, features: data.training.features, outputs: data.training.outputs,
      hasClasses: data.task != .regression, image: data.image)
  }

  /// Synthetic data is as large as its keys say; `rows` counts class means, too.
  private func checkSize(rows: Int) throws(Problem) {
    let numbers = rows * max(features, outputs)
    guard numbers > DataConfiguration.maximumNumbers else { return }
    throw Problem(
      "data.examples", "the data would hold \(numbers) numbers",
      remedy:
        "make it smaller: at most \(DataConfiguration.maximumNumbers) numbers fit into this machine's memory")
  }

  private static func outputs(_ targets: TargetEncoding, classes: Int) throws(Problem) -> Int {
    guard targets == .signed else { return classes }
    guard classes == 2 else {
      throw Problem(
        "data.targets", "signed targets need 2 classes, but there are \(classes)",
        remedy: "write 'classes: 2', or one-hot targets")
    }
    return 1
  }

  private static func read(_ data: DataConfiguration) throws(Problem) -> Dataset<Float> {
    do {
      return try data.load(as: Float.self)
    } catch {
      // The subject is a key or a file.
      guard KeyRegistry.key(error.subject) == nil, !KeyRegistry.isSection(error.subject) else { throw error }
      throw Problem("data.path", "\(error.subject) \(error.sentence)", remedy: error.remedy)
    }
  }
}
