import Datasets
internal import Learning
internal import LinearAlgebra
internal import Spectra

/// The largest eigenvalue of each layer's block on the diagonal of the Hessian.
///
/// A layer is a run of parameters whose names agree up to the last dot: weight and bias. Every product with a
/// block takes a product with the whole Hessian.
final class LayerSharpness<Scalar: RealScalar>: Quantity {
  private let layers: [Layer]
  private let scratch: DiagonalBlock<Scalar>.Scratch
  private var trackers: [SpectrumTracker<Scalar>]

  init(layout: ParameterLayout, solver: BlockKrylov, coldInterval: Int?) {
    layers = layout.layers
    scratch = DiagonalBlock.Scratch(dimension: layout.count)
    trackers = layers.map { _ in SpectrumTracker(solver, coldInterval: coldInterval) }
  }

  var labels: [String: [String]] { ["layer_name": layers.map(\.name)] }

  var searches: [SpectrumTracker<Scalar>.State] {
    get { trackers.map(\.state) }
    set {
      precondition(newValue.count == trackers.count, "the state is that of another network")
      for index in trackers.indices { trackers[index].state = newValue[index] }
    }
  }

  func measure(at point: MeasurementPoint<Scalar>) throws -> [String: [Double]] {
    let random = point.random(.layers)
    return try point.withHessian { hessian in
      let found = try layers.indices.map { index in
        let block = DiagonalBlock(hessian, layers[index].range, scratch: scratch)
        return try trackers[index].next(block, random: random)
      }
      return [
        "layer_sharpness": found.map(\.values[0]), "layer_residuals": found.map(\.residuals[0]),
        "layer_converged": found.map { $0.converged[0] ? 1 : 0 },
      ]
    }
  }
}

/// Parameters that belong together.
struct Layer {
  let name: String
  let range: Range<Int>
}

extension ParameterLayout {
  /// Neighbouring segments whose names agree up to the last dot, such as `layer1.weight` and `layer1.bias`.
  var layers: [Layer] {
    segments.reduce(into: []) { layers, segment in
      let name = segment.name.split(separator: ".").dropLast().joined(separator: ".")
      if let last = layers.last, last.name == name {
        layers[layers.count - 1] = Layer(name: name, range: last.range.lowerBound..<segment.range.upperBound)
      } else {
        layers.append(Layer(name: name.isEmpty ? segment.name : name, range: segment.range))
      }
    }
  }
}
