package import Learning
package import LinearAlgebra
package import Schema
package import Spectra

/// The largest eigenvalue of every layer's block of the Hessian.
package struct LayerConfiguration: QuantityConfiguration {
  /// How each is searched.
  let solver: BlockKrylov
  /// Measurements after which a search starts from random vectors; nil: only the first.
  let coldInterval: Int?

  package init(solver: BlockKrylov, coldInterval: Int?) {
    (self.solver, self.coldInterval) = (solver, coldInterval)
  }

  private static let key = Key(
    "measure.per_layer", .flag, default: false,
    about: "Also measures the largest eigenvalue of each layer's block of the Hessian.")
  package static let keys = [key]

  static let name = Variable("layer_name", .text, "name of the layer", per: .layer, optional: true)
  package static let sharpness = Variable(
    "layer_sharpness", .real, "largest eigenvalue of the layer's block of H", per: .measurement, .layer,
    optional: true)
  package static let residuals = Variable(
    "layer_residuals", .real, "2-norms of their residuals", per: .measurement, .layer, optional: true)
  static let converged = Variable(
    "layer_converged", .flag(["no", "yes"]), "whether each residual is small enough", per: .measurement,
    .layer, optional: true)
  package static let variables = [name, sharpness, residuals, converged]

  package init?(_ settings: Settings) {
    guard settings.value(Self.key) else { return nil }
    let rule = MeasurementRule(settings)
    self.init(solver: rule.solver(1), coldInterval: rule.coldInterval)
  }

  package func expectedProducts(_ scale: QuantityScale) -> Double {
    scale.layers * Self.productsPerEigenvalue
  }

  package func makeQuantity<Scalar: RealScalar>(for objective: Objective<Scalar>) -> any Quantity<Scalar> {
    LayerSharpness(layout: objective.layout, solver: solver, coldInterval: coldInterval)
  }
}

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

  var labels: [Variable: [String]] { [LayerConfiguration.name: layers.map(\.name)] }

  var searches: [SpectrumTracker<Scalar>.State] {
    get { trackers.map(\.state) }
    set {
      precondition(newValue.count == trackers.count, "the state is that of another network")
      for index in trackers.indices { trackers[index].state = newValue[index] }
    }
  }

  func measure(at point: MeasurementPoint<Scalar>) throws -> [Variable: [Double]] {
    let random = point.random(.layers)
    let found = try layers.indices.map { index in
      let block = DiagonalBlock(point.hessian, layers[index].range, scratch: scratch)
      return try trackers[index].next(block, random: random)
    }
    return [
      LayerConfiguration.sharpness: found.map(\.values[0]),
      LayerConfiguration.residuals: found.map(\.residuals[0]),
      LayerConfiguration.converged: found.map { $0.converged[0] ? 1 : 0 },
    ]
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
