import LinearAlgebra
import Problems
import TensorProgram

/// A fully-connected network: `h -> activation(h W^T + b)`, layer by layer, the last one without activation.
struct FullyConnected: LayeredModel {
  let stack: LayerStack
  let activation: Activation

  init(_ configuration: MLPConfiguration, features: Int, outputs: Int) throws(Problem) {
    let widths = [features] + configuration.hidden + [outputs]
    guard widths.allSatisfy({ $0 >= 1 }) else {
      throw Problem("model.hidden", "holds a width below 1", remedy: "give widths of 1 or more")
    }
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

extension DeepLinearConfiguration {
  /// The same network as an MLP.
  var asMLP: MLPConfiguration {
    MLPConfiguration(
      hidden: Array(repeating: width, count: depth - 1), activation: .identity, bias: false,
      initialization: .xavierNormal)
  }
}
