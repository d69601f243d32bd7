public import Datasets
public import LinearAlgebra
public import Problems
public import TensorProgram

/// A network: its parameters, their initial values, and its outputs as a tensor program.
public protocol Model: Sendable {
  /// The parameters in the flat vector of weights.
  var layout: ParameterLayout { get }

  /// Weights as the model's initialisation draws them: a pure function of the seed.
  func initialWeights<Scalar: RealScalar>(seed: UInt64, as scalar: Scalar.Type) -> Vector<Scalar>

  /// Multiplications of a forward pass, per example.
  var multiplications: Int { get }

  /// Appends the outputs `[examples, outputs]` for an input `[examples, features]`, given one value per segment of
  /// the layout.
  func forward(_ builder: inout ProgramBuilder, input: Value, parameters: [Value]) -> Value
}

/// A network that is a stack of layers.
protocol LayeredModel: Model {
  var stack: LayerStack { get }
}

extension LayeredModel {
  var layout: ParameterLayout { stack.layout }

  func initialWeights<Scalar: RealScalar>(seed: UInt64, as scalar: Scalar.Type) -> Vector<Scalar> {
    stack.initialWeights(seed: seed, as: scalar)
  }
}

extension ModelConfiguration {
  /// The model for data with so many features and outputs; `image` is the shape of the features, if they are pixels.
  public func makeModel(
    features: Int, outputs: Int, image: ImageShape? = nil
  ) throws(Problem) -> any Model {
    switch self {
    case .mlp(let configuration):
      return try FullyConnected(configuration, features: features, outputs: outputs)
    case .cnn(let configuration):
      return try Convolutional(configuration, image: image, outputs: outputs)
    case .deepLinear(let configuration):
      guard configuration.depth >= 1 else {
        throw Problem("model.depth", "is below 1", remedy: "give 1 or more")
      }
      guard configuration.width >= 1 else {
        throw Problem("model.width", "is below 1", remedy: "give 1 or more")
      }
      return try FullyConnected(configuration.asMLP, features: features, outputs: outputs)
    }
  }
}
