import LinearAlgebra
import Problems
import TensorProgram

/// A weight and perhaps a bias: an affine layer `[out, in]`, or a convolution `[out, in, height, width]`.
struct Layer: Hashable {
  let shape: [Int]
  let hasBias: Bool
  let gain: Double

  /// The number of inputs that an output is made of.
  var fanIn: Int { shape.dropFirst().reduce(1, *) }
  /// The number of outputs that an input takes part in.
  var fanOut: Int { shape[0] * shape.dropFirst(2).reduce(1, *) }
}

/// The layers of a network, in the order of their parameters.
struct LayerStack {
  let layers: [Layer]
  let initialization: Initialization
  let layout: ParameterLayout

  /// Checks the gains, and gives layers of these shapes their gains and biases; the last may differ in its bias.
  init(
    shapes: [[Int]], gains: [Double], bias: Bool, outputBias: Bool, initialization: Initialization
  ) throws(Problem) {
    guard gains.count <= shapes.count else {
      throw Problem(
        "model.gains", "has \(gains.count) entries for \(shapes.count) layers", remedy: "leave some out")
    }
    guard gains.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw Problem(
        "model.gains", "holds a number that is not positive", remedy: "give factors greater than 0")
    }
    layers = shapes.enumerated().map { index, shape in
      Layer(
        shape: shape, hasBias: index == shapes.count - 1 ? outputBias : bias,
        gain: index < gains.count ? gains[index] : 1)
    }
    self.initialization = initialization
    layout = Self.layout(of: layers)
  }

  private static func layout(of layers: [Layer]) -> ParameterLayout {
    var layout = ParameterLayout()
    for (index, layer) in layers.enumerated() {
      layout.append("layer\(index + 1).weight", shape: layer.shape)
      if layer.hasBias { layout.append("layer\(index + 1).bias", shape: [layer.shape[0]]) }
    }
    return layout
  }

  /// Weight and bias of every layer, given one value per segment of the layout.
  func parameters(_ values: [Value]) -> [(weight: Value, bias: Value?)] {
    var remaining = values[...]
    return layers.map { layer in
      (remaining.removeFirst(), layer.hasBias ? remaining.removeFirst() : nil)
    }
  }

  /// Element `i` of the flat vector depends on the seed and on `i` only, and is drawn in Double for both number formats.
  func initialWeights<Scalar: RealScalar>(seed: UInt64, as scalar: Scalar.Type) -> Vector<Scalar> {
    let random = Philox(seed: seed, stream: .initialization)
    let weights = Vector<Scalar>(count: layout.count)
    var segments = layout.segments[...]
    for layer in layers {
      let range = segments.removeFirst().range
      initialization.drawWeights(weights.slice(range), of: layer, random, first: UInt64(range.lowerBound))
      guard layer.hasBias else { continue }
      let biasRange = segments.removeFirst().range
      initialization.drawBiases(
        weights.slice(biasRange), of: layer, random, first: UInt64(biasRange.lowerBound))
    }
    return weights
  }
}

extension ProgramBuilder {
  /// Affine layers with an activation between them, on rows `[n, in]`.
  mutating func dense(
    _ rows: Value, _ layers: some Collection<(weight: Value, bias: Value?)>, _ activation: Activation
  ) -> Value {
    var hidden = rows
    for (index, layer) in layers.enumerated() {
      if index > 0 { hidden = activation.append(to: &self, hidden) }
      hidden = affine(hidden, weight: layer.weight, bias: layer.bias)
    }
    return hidden
  }
}
