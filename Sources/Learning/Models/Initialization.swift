import LinearAlgebra

/// The distribution of a layer's initial weights and biases; `gain` is the layer's entry in `gains`.
public enum Initialization: String, Sendable, Hashable, CaseIterable {
  /// Weights uniform on `gain * [-1, 1] / sqrt(fan_in)`, biases uniform on `[-1, 1] / sqrt(fan_in)` ([EoS], [CF]).
  case uniformFanIn = "uniform-fan-in"
  /// Weights normal with standard deviation `gain * sqrt(2 / (fan_in + fan_out))`, biases 0.
  case xavierNormal = "xavier-normal"
}

extension FullyConnected {
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

extension Initialization {
  fileprivate func drawWeights<Scalar>(
    _ weights: VectorSlice<Scalar>, of layer: FullyConnected.Layer, _ random: Philox, first: UInt64
  ) {
    switch self {
    case .uniformFanIn:
      let bound = layer.gain / Double(layer.inputs).squareRoot()
      random.fillUniform(weights, in: -bound..<bound, first: first)
    case .xavierNormal:
      let deviation = layer.gain * (2 / Double(layer.inputs + layer.outputs)).squareRoot()
      random.fillNormal(weights, standardDeviation: deviation, first: first)
    }
  }

  fileprivate func drawBiases<Scalar>(
    _ biases: VectorSlice<Scalar>, of layer: FullyConnected.Layer, _ random: Philox, first: UInt64
  ) {
    switch self {
    case .uniformFanIn:
      let bound = 1 / Double(layer.inputs).squareRoot()
      random.fillUniform(biases, in: -bound..<bound, first: first)
    case .xavierNormal:
      biases.fill(0)
    }
  }
}
