internal import Foundation
public import LinearAlgebra
public import Problems
package import Schema

/// Which data a run trains on: one case per dataset, with the keys a user may set.
public enum DataConfiguration: Sendable, Hashable {
  /// `chebyshev`: a polynomial sampled on [-1, 1].
  case chebyshev(ChebyshevData)
  /// `deep-linear`: whitened inputs and a random linear map.
  case deepLinear(DeepLinearData)
  /// `gaussian-mixture`: synthetic classification with a power-law spectrum.
  case gaussianMixture(GaussianMixtureData)
  /// `cifar10`: CIFAR-10 in its binary layout.
  case cifar10(CIFAR10Data)
  /// `idx`: images and labels in MNIST's format, compressed with gzip or not.
  case idx(IDXData)
  /// `hdf5`: the user's own arrays.
  case hdf5(HDF5Data)

  /// More numbers, inputs or targets, are taken for a slip, or do not fit into this machine's memory: while data is made,
  /// a number takes up to 16 bytes.
  public static let maximumNumbers = min(1 << 33, Int(ProcessInfo.processInfo.physicalMemory / 16))

  /// The data sets, in the order of the documentation.
  package static let variants: [Variant<DataConfiguration>] = [
    variant(chebyshev), variant(deepLinear), variant(gaussianMixture), variant(cifar10), variant(idx),
    variant(hdf5),
  ]

  /// What stands in the case.
  package var source: any DataSource {
    switch self {
    case .chebyshev(let data): data
    case .deepLinear(let data): data
    case .gaussianMixture(let data): data
    case .cifar10(let data): data
    case .idx(let data): data
    case .hdf5(let data): data
    }
  }

  private static func variant<Source: DataSource>(
    _ make: @escaping @Sendable (Source) -> DataConfiguration
  ) -> Variant<DataConfiguration> {
    Variant(Source.name, Source.self, make)
  }
}

extension DataConfiguration {
  /// The keys of the section `data`.
  package static let keys = [Key](section: "data", about: "Dataset.", of: variants)

  /// Reads the data set that the settings of a run name.
  package init(_ settings: Settings) { self = settings.make("data", of: Self.variants) }

  /// The name in job files.
  public var name: String { type(of: source).name }

  /// Reads or makes the data.
  public func load<Scalar: RealScalar>(as scalar: Scalar.Type) throws(Problem) -> Dataset<Scalar> {
    try source.load(as: scalar)
  }
}

/// A data set that a job can name: its keys, what they tell of it, and the data itself.
package protocol DataSource: Configurable, Hashable {
  /// The name in job files.
  static var name: String { get }

  /// The file or folder that a job names first; nil where data is made.
  var file: String? { get }

  /// What the data is, as far as the keys tell; nil where only reading it does.
  func foreseen() throws(Problem) -> DatasetSummary?

  /// Reads or makes the data.
  func load<Scalar: RealScalar>(as scalar: Scalar.Type) throws(Problem) -> Dataset<Scalar>
}

extension DataSource {
  package var file: String? { nil }
  package func foreseen() throws(Problem) -> DatasetSummary? { nil }

  /// Throws where data that is made would not fit into memory: it is as large as its keys say.
  func requireRoom(_ rows: Int, by width: Int) throws(Problem) {
    let numbers = [rows, width].saturatingProduct
    guard numbers > DataConfiguration.maximumNumbers else { return }
    throw Problem(
      "data.examples", "the data would hold \(numbers) numbers",
      remedy:
        "make it smaller: at most \(DataConfiguration.maximumNumbers) numbers fit into this machine's memory")
  }
}

/// Keys that several data sets have.
enum DataKeys {
  static let path = Key(
    "data.path", .path(unset: "none"), about: "File or directory, relative to the working directory.")
  static let examples = Key(
    "data.examples", .integer(1...100_000_000, or: ["all"]),
    about: "Training examples; `all` (only where the data comes from files): all there are.")
  static let classes = Key(
    "data.classes", .integer(2...100_000, or: ["all"]),
    about: "Classes; of files, examples of the first so many classes are used.")
  static let testExamples = Key(
    "data.test_examples", .integer(0...100_000_000, or: ["all"]), about: "Test examples.")
  static let targets = Key(
    "data.targets", .choice(of: TargetEncoding.self),
    about: "One output per class (0 or 1), or for two classes one output (-1 or +1).")
  static let seed = Key(
    "data.seed", .integer(0...Int.max), about: "Seed of the data, independent of the run's seed.")
}
