/// Which network a run trains: one case per model, with the keys a user may set.
public enum ModelConfiguration: Sendable, Hashable {
  /// `mlp`: a fully-connected network.
  case mlp(MLPConfiguration)
  /// `cnn`: a convolutional network.
  case cnn(CNNConfiguration)
  /// `deep-linear`: a product of square matrices.
  case deepLinear(DeepLinearConfiguration)

  /// The name in job files.
  public var name: String {
    switch self {
    case .mlp: "mlp"
    case .cnn: "cnn"
    case .deepLinear: "deep-linear"
    }
  }

  /// Examples per block of a sum where a job names none: large matrix products are fast, but what convolutions read
  /// and write should stay in the cache.
  public var blockSize: Int {
    if case .cnn = self { 25 } else { 250 }
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

/// A convolutional network: stages of convolution, activation and 2 x 2 pooling, then affine layers with an activation
/// between them.
///
/// The networks of [EoS] have channels [32, 32] and biases; that of [CF] has channels [w, 2w], hidden [4w], GELU, with no bias
/// but the output's.
public struct CNNConfiguration: Sendable, Hashable {
  /// What a stage ends with.
  public enum Pooling: String, Sendable, Hashable, CaseIterable {
    /// The mean of every 2 x 2 pixels.
    case average
    /// The largest of every 2 x 2 pixels.
    case max
    /// Nothing.
    case none
  }

  /// The channels of the convolutions, each 1 or more; empty for affine layers only; default [32, 32].
  public var channels: [Int]
  /// Rows and columns of the windows, 1 or more; default 3.
  public var kernel: Int
  /// Zeros around the images, 0 or more; default 1.
  public var padding: Int
  /// What follows every activation; default average.
  public var pooling: Pooling
  /// The widths of hidden affine layers after the convolutions, each 1 or more; default [].
  public var hidden: [Int]
  /// The function after every convolution and every hidden layer; default tanh.
  public var activation: Activation
  /// Whether convolutions and hidden layers have biases; default true.
  public var bias: Bool
  /// Whether the last layer has a bias; nil for the same as `bias`; default nil.
  public var outputBias: Bool?
  /// Factors on the initial weights, layer by layer, each greater than 0; missing ones are 1; default [].
  public var gains: [Double]
  /// The distribution of the initial weights; default uniform-fan-in.
  public var initialization: Initialization

  /// Creates the configuration.
  public init(
    channels: [Int] = [32, 32], kernel: Int = 3, padding: Int = 1, pooling: Pooling = .average,
    hidden: [Int] = [], activation: Activation = .tanh, bias: Bool = true, outputBias: Bool? = nil,
    gains: [Double] = [], initialization: Initialization = .uniformFanIn
  ) {
    self.channels = channels
    self.kernel = kernel
    self.padding = padding
    self.pooling = pooling
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
