public import Datasets
public import Problems
package import Schema

/// Which network a run trains: one case per model, with the keys a user may set.
public enum ModelConfiguration: Sendable, Hashable {
  /// `mlp`: a fully-connected network.
  case mlp(MLPConfiguration)
  /// `cnn`: a convolutional network.
  case cnn(CNNConfiguration)
  /// `deep-linear`: a product of square matrices.
  case deepLinear(DeepLinearConfiguration)

  /// The networks, in the order of the documentation.
  package static let variants: [Variant<ModelConfiguration>] = [
    variant(mlp), variant(cnn), variant(deepLinear),
  ]

  private var settings: any ModelSettings {
    switch self {
    case .mlp(let network): network
    case .cnn(let network): network
    case .deepLinear(let network): network
    }
  }

  private static func variant<Network: ModelSettings>(
    _ make: @escaping @Sendable (Network) -> ModelConfiguration
  ) -> Variant<ModelConfiguration> {
    Variant(Network.name, Network.self, make)
  }
}

extension ModelConfiguration {
  /// The keys of the section `model`.
  package static let keys = [Key](section: "model", about: "Network.", of: variants)

  /// Reads the network that the settings of a run name.
  package init(_ settings: Settings) { self = settings.make("model", of: Self.variants) }

  /// The name in job files.
  public var name: String { type(of: settings).name }

  /// Examples per block of a sum where a job names none.
  public var blockSize: Int { type(of: settings).blockSize }

  /// The model for data with so many features and outputs; `image` is the shape of the features, if they are pixels.
  public func makeModel(
    features: Int, outputs: Int, image: ImageShape? = nil
  ) throws(Problem) -> any Model {
    try settings.makeModel(features: features, outputs: outputs, image: image)
  }
}

/// A part of a network that makes a loss of which third derivatives say nothing.
public struct ModelKink: Sendable, Hashable {
  /// The key that chose it.
  public let key: String
  /// What it is.
  public let name: String
  /// What is smooth in its place.
  public let smooth: [String]
}

extension ModelConfiguration {
  /// The part that is not smooth; nil where all is.
  public var kink: ModelKink? {
    switch self {
    case .mlp(let network): network.activation.kink
    case .cnn(let network): network.activation.kink ?? network.pooling.kink
    case .deepLinear: nil
    }
  }
}

extension Activation {
  fileprivate var kink: ModelKink? {
    if isSmooth { return nil }
    return ModelKink(
      key: ModelKeys.activation.path, name: rawValue,
      smooth: Self.allCases.filter(\.isSmooth).map(\.rawValue))
  }
}

extension CNNConfiguration.Pooling {
  fileprivate var kink: ModelKink? {
    if self != .max { return nil }
    return ModelKink(key: "model.pooling", name: "max pooling", smooth: ["average", "none"])
  }
}

/// A network that a job can name, with the keys that shape it.
package protocol ModelSettings: Configurable, Hashable {
  /// The name in job files.
  static var name: String { get }

  /// Examples per block of a sum where a job names none.
  static var blockSize: Int { get }

  /// The network for data of a shape; `image` is that of the features, if they are pixels.
  func makeModel(features: Int, outputs: Int, image: ImageShape?) throws(Problem) -> any Model
}

extension ModelSettings {
  /// Large matrix products are fast.
  package static var blockSize: Int { 250 }
}

/// Keys that several networks have.
enum ModelKeys {
  static let hidden = Key(
    "model.hidden", .integers(1...1_000_000),
    about: "Widths of the hidden affine layers, of a cnn those after the convolutions; [] for none.")
  static let activation = Key(
    "model.activation", .choice(of: Activation.self), about: "Function after every layer but the last.")
  static let bias = Key("model.bias", .flag, about: "Whether layers before the last have biases.")
  static let outputBias = Key(
    "model.output_bias", .choice(["same", "true", "false"]),
    about: "Whether the last layer has a bias; `same`: as `bias` says.")
  static let gains = Key(
    "model.gains", .reals(.positive),
    about: "Factors on the initial weights, layer by layer; missing ones are 1.")
  static let initialization = Key(
    "model.initialization", .choice(of: Initialization.self), about: "Distribution of the initial weights.")
}

extension Activation: SettingValue {}
extension Initialization: SettingValue {}
