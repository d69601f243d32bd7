import LinearAlgebra

/// The distribution of a layer's initial weights and biases; `gain` is the layer's entry in `gains`.
///
/// The fans of a convolution count the pixels of its window: `fan_in = c kh kw`, `fan_out = o kh kw`.
public enum Initialization: String, Sendable, Hashable, CaseIterable {
  /// Weights uniform on `gain * [-1, 1] / sqrt(fan_in)`, biases uniform on `[-1, 1] / sqrt(fan_in)` ([EoS], [CF]).
  case uniformFanIn = "uniform-fan-in"
  /// Weights normal with standard deviation `gain * sqrt(2 / (fan_in + fan_out))`, biases 0.
  case xavierNormal = "xavier-normal"
}

extension Initialization {
  func drawWeights<Scalar>(
    _ weights: VectorSlice<Scalar>, of layer: Layer, _ random: Philox, first: UInt64
  ) {
    switch self {
    case .uniformFanIn:
      let bound = layer.gain / Double(layer.fanIn).squareRoot()
      random.fillUniform(weights, in: -bound..<bound, first: first)
    case .xavierNormal:
      let deviation = layer.gain * (2 / Double(layer.fanIn + layer.fanOut)).squareRoot()
      random.fillNormal(weights, standardDeviation: deviation, first: first)
    }
  }

  func drawBiases<Scalar>(
    _ biases: VectorSlice<Scalar>, of layer: Layer, _ random: Philox, first: UInt64
  ) {
    switch self {
    case .uniformFanIn:
      let bound = 1 / Double(layer.fanIn).squareRoot()
      random.fillUniform(biases, in: -bound..<bound, first: first)
    case .xavierNormal:
      biases.fill(0)
    }
  }
}
