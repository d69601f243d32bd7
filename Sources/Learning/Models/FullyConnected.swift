import LinearAlgebra
import TensorProgram

/// A fully-connected network: `h -> activation(h W^T + b)`, layer by layer, the last one without activation.
struct FullyConnected: Model {
  /// One affine layer.
  struct Layer: Hashable {
    let inputs: Int
    let outputs: Int
    let hasBias: Bool
    let gain: Double
  }

  let layers: [Layer]
  let activation: Activation
  let initialization: Initialization
  let layout: ParameterLayout

  init(_ configuration: MLPConfiguration, features: Int, outputs: Int) throws(ModelError) {
    let widths = [features] + configuration.hidden + [outputs]
    let gains = configuration.gains
    guard widths.allSatisfy({ $0 >= 1 }) else {
      throw ModelError("model.hidden", "holds a width below 1; give widths of 1 or more")
    }
    guard gains.count < widths.count else {
      throw ModelError(
        "model.gains", "has \(gains.count) entries for \(widths.count - 1) layers; leave some out")
    }
    guard gains.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw ModelError("model.gains", "holds a number that is not positive; give factors greater than 0")
    }
    layers = (1..<widths.count).map { index in
      let isLast = index == widths.count - 1
      return Layer(
        inputs: widths[index - 1], outputs: widths[index],
        hasBias: isLast ? configuration.outputBias ?? configuration.bias : configuration.bias,
        gain: index <= gains.count ? gains[index - 1] : 1)
    }
    activation = configuration.activation
    initialization = configuration.initialization
    layout = Self.layout(of: layers)
  }

  private static func layout(of layers: [Layer]) -> ParameterLayout {
    var layout = ParameterLayout()
    for (index, layer) in layers.enumerated() {
      layout.append("layer\(index + 1).weight", shape: [layer.outputs, layer.inputs])
      if layer.hasBias { layout.append("layer\(index + 1).bias", shape: [layer.outputs]) }
    }
    return layout
  }

  func forward(_ builder: inout ProgramBuilder, input: Value, parameters: [Value]) -> Value {
    var remaining = parameters[...]
    var hidden = input
    for (index, layer) in layers.enumerated() {
      let weight = remaining.removeFirst()
      let bias = layer.hasBias ? remaining.removeFirst() : nil
      hidden = builder.affine(hidden, weight: weight, bias: bias)
      if index < layers.count - 1 { hidden = activation.append(to: &builder, hidden) }
    }
    return hidden
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
