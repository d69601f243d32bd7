package import Datasets
import LinearAlgebra
package import Problems
package import Schema
import TensorProgram

/// A fully-connected network: affine layers with an activation after each but the last.
public struct MLPConfiguration: Sendable, Hashable {
  /// The widths of the hidden layers, each 1 or more; empty for a linear model.
  public var hidden: [Int]
  /// The function after every hidden layer.
  public var activation: Activation
  /// Whether hidden layers have biases.
  public var bias: Bool
  /// Whether the last layer has a bias; nil for the same as `bias`.
  public var outputBias: Bool?
  /// Factors on the initial weights, layer by layer, each greater than 0; missing ones are 1.
  public var gains: [Double]
  /// The distribution of the initial weights.
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

extension MLPConfiguration: ModelSettings {
  package static let name = "mlp"
  package static let standard = MLPConfiguration()

  package static let bindings: [Binding<MLPConfiguration>] =
    [
      Binding(\.hidden, ModelKeys.hidden),
      Binding(\.activation, ModelKeys.activation),
      Binding(\.bias, ModelKeys.bias),
      Binding(\.outputBias, ModelKeys.outputBias),
      Binding(\.gains, ModelKeys.gains),
      Binding(\.initialization, ModelKeys.initialization),
    ]

  package func makeModel(features: Int, outputs: Int, image: ImageShape?) throws(Problem) -> any Model {
    try FullyConnected(self, features: features, outputs: outputs)
  }
}

/// A fully-connected network: `h -> activation(h W^T + b)`, layer by layer, the last one without activation.
struct FullyConnected: LayeredModel {
  let stack: LayerStack
  let activation: Activation

  init(_ configuration: MLPConfiguration, features: Int, outputs: Int) throws(Problem) {
    try configuration.checkRanges()
    let widths = [features] + configuration.hidden + [outputs]
    stack = try LayerStack(
      shapes: zip(widths.dropFirst(), widths).map { [$0, $1] }, gains: configuration.gains,
      bias: configuration.bias, outputBias: configuration.outputBias ?? configuration.bias,
      initialization: configuration.initialization)
    activation = configuration.activation
  }

  var multiplications: Int { stack.layers.reduce(0) { $0 + $1.shape[0] * $1.fanIn } }

  func forward(_ builder: inout ProgramBuilder, input: Value, parameters: [Value]) -> Value {
    builder.dense(input, stack.parameters(parameters), activation)
  }
}

/// A linear network: `depth` weight matrices without biases or activations, Xavier-normal ([EoS], deep linear networks).
public struct DeepLinearConfiguration: Sendable, Hashable {
  /// The number of matrices, 1 or more.
  public var depth: Int
  /// The width of the layers between them, 1 or more.
  public var width: Int

  /// Creates the configuration.
  public init(depth: Int = 20, width: Int = 50) {
    self.depth = depth
    self.width = width
  }
}

extension DeepLinearConfiguration: ModelSettings {
  package static let name = "deep-linear"
  package static let standard = DeepLinearConfiguration()

  package static let bindings: [Binding<DeepLinearConfiguration>] =
    [
      Binding(\.depth, Key("model.depth", .integer(1...10_000), about: "Number of weight matrices.")),
      Binding(
        \.width, Key("model.width", .integer(1...1_000_000), about: "Width of the layers between them.")),
    ]

  package func makeModel(features: Int, outputs: Int, image: ImageShape?) throws(Problem) -> any Model {
    try checkRanges()
    return try FullyConnected(asMLP, features: features, outputs: outputs)
  }

  /// The same network as an MLP.
  var asMLP: MLPConfiguration {
    MLPConfiguration(
      hidden: Array(repeating: width, count: depth - 1), activation: .identity, bias: false,
      initialization: .xavierNormal)
  }
}
