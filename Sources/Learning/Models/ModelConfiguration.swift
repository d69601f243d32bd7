/// Which network a run trains: one case per model, with the keys a user may set.
public enum ModelConfiguration: Sendable, Hashable {
  /// `mlp`: a fully-connected network.
  case mlp(MLPConfiguration)
  /// `deep-linear`: a product of square matrices.
  case deepLinear(DeepLinearConfiguration)

  /// The name in job files.
  public var name: String {
    switch self {
    case .mlp: "mlp"
    case .deepLinear: "deep-linear"
    }
  }
}

/// A fully-connected network: affine layers with an activation after each but the last.
public struct MLPConfiguration: Sendable, Hashable {
  /// The widths of the hidden layers, each 1 or more; empty for a linear model; default [200, 200].
  public var hidden: [Int]
  /// The function after every hidden layer; default tanh.
  public var activation: Activation
  /// Whether hidden layers have biases; default true.
  public var bias: Bool
  /// Whether the last layer has a bias; nil for the same as `bias`; default nil.
  public var outputBias: Bool?
  /// Factors on the initial weights, layer by layer, each greater than 0; missing ones are 1; default [].
  public var gains: [Double]
  /// The distribution of the initial weights; default uniform-fan-in.
  public var initialization: Initialization

  /// Creates the configuration.
  public init(
    hidden: [Int] = [200, 200], activation: Activation = .tanh, bias: Bool = true, outputBias: Bool? = nil,
    gains: [Double] = [], initialization: Initialization = .uniformFanIn
  ) {
    self.hidden = hidden
    self.activation = activation
    self.bias = bias
    self.outputBias = outputBias
    self.gains = gains
    self.initialization = initialization
  }
}

/// A linear network: `depth` weight matrices without biases or activations, Xavier-normal ([EoS], deep linear networks).
public struct DeepLinearConfiguration: Sendable, Hashable {
  /// The number of matrices, 1 or more; default 20.
  public var depth: Int
  /// The width of the layers between them, 1 or more; default 50.
  public var width: Int

  /// Creates the configuration.
  public init(depth: Int = 20, width: Int = 50) {
    self.depth = depth
    self.width = width
  }
}
