// What can be told of a dataset before training: from its keys where it is synthetic, by reading it where it comes from
// files, so that every missing, truncated or malformed file is found before anything runs.

package import Datasets
import Learning
package import Problems

/// What a dataset is, under the name that a job has for it.
package struct DataFacts: Hashable, Sendable {
  /// The name of the dataset, with its file where it has one.
  package let label: String
  package let summary: DatasetSummary

  package var examples: Int { summary.examples }
  package var features: Int { summary.features }
  package var outputs: Int { summary.outputs }
  /// Whether the targets are classes.
  package var hasClasses: Bool { summary.hasClasses }
  /// The shape of the features, where they are the pixels of an image.
  package var image: ImageShape? { summary.image }

  /// Looks at a configuration, and at its files if it has any, as a run of a precision reads them.
  package init(_ data: DataConfiguration, precision: Precision = .float) throws(Problem) {
    label = [data.name, data.path].compactMap(\.self).joined(separator: " ")
    switch data {
    case .chebyshev(let data):
      summary = DatasetSummary(examples: data.points, features: 1, outputs: 1, valueForm: .values)
    case .deepLinear(let data):
      summary = try Self.summary(data)
      try checkSize(rows: data.examples)
    case .gaussianMixture(let data):
      summary = try Self.summary(data)
      try checkSize(rows: data.examples + data.testExamples + data.classes)
    case .cifar10, .idx, .hdf5:
      summary =
        switch precision {
        case .float: DatasetSummary(try data.load(as: Float.self))
        case .double: DatasetSummary(try data.load(as: Double.self))
        }
    }
  }

  private static func summary(_ data: DeepLinearData) throws(Problem) -> DatasetSummary {
    guard data.examples >= data.dimension else {
      throw Problem(
        "data.examples", "\(data.examples) examples cannot be orthogonal in \(data.dimension) dimensions",
        remedy: "write at least \(data.dimension)")
    }
    return DatasetSummary(
      examples: data.examples, features: data.dimension, outputs: data.dimension, valueForm: .values)
  }

  /// Example `e` belongs to class `e mod classes`.
  private static func summary(_ data: GaussianMixtureData) throws(Problem) -> DatasetSummary {
    DatasetSummary(
      examples: data.examples, features: data.features,
      outputs: try outputs(data.targets, classes: data.classes),
      classCounts: (0..<data.classes).map { (data.examples - $0 + data.classes - 1) / data.classes },
      testExamples: data.testExamples)
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
}

extension DataConfiguration {
  /// The file or folder that a job names first.
  fileprivate var path: String? {
    switch self {
    case .chebyshev, .deepLinear, .gaussianMixture: nil
    case .cifar10(let data): data.path
    case .idx(let data): data.images ?? data.path
    case .hdf5(let data): data.path
    }
  }
}

// MARK: - In a plan

extension SweepPlan {
  /// More lines than these tell nobody anything.
  private static let mostLines = 10

  /// What the data of the runs is: a line for every dataset, in the order of the runs.
  public var dataLines: [String] {
    let facts = Self.ordered(dataFacts, runs)
    let lines = facts.prefix(Self.mostLines).map { "\($0.label): \($0.summary)." }
    return facts.count > lines.count ? lines + ["and \(facts.count - lines.count) more datasets."] : lines
  }

  /// What a user should know of the data.
  static func notes(on facts: [DataConfiguration: DataFacts], of runs: [RunConfiguration]) -> [String] {
    var notes: [String] = []
    for fact in ordered(facts, runs) {
      for note in fact.summary.notes where !notes.contains("\(fact.label): \(note).") {
        notes.append("\(fact.label): \(note).")
      }
    }
    guard notes.count > mostLines else { return notes }
    return notes.prefix(mostLines) + ["and \(notes.count - mostLines) more notes on the data."]
  }

  private static func ordered(
    _ facts: [DataConfiguration: DataFacts], _ runs: [RunConfiguration]
  ) -> [DataFacts] {
    var seen: Set<DataConfiguration> = []
    return runs.compactMap { seen.insert($0.data).inserted ? facts[$0.data] : nil }
  }
}
