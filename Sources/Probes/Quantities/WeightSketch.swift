package import Learning
package import LinearAlgebra
package import Schema
internal import Spectra

/// A sketch of the weights at every so many measurements.
package struct SketchConfiguration: QuantityConfiguration {
  /// Measurements from one sketch to the next.
  let every: Int

  package init(every: Int) { self.every = every }

  private static let key = Key(
    "measure.sketch", .flag, default: false,
    about:
      "Also records a random projection of the weights, the same for all runs, which gives the distance between any two."
  )
  private static let everyKey = Key(
    "measure.sketch_every", .integer(1...Int.max), default: 1,
    about: "Measurements from one sketch to the next.")
  package static let keys = [key, everyKey]

  package static let sketch = Variable(
    "weight_sketch", .real, "projection of the weights that keeps distances", per: .measurement, .sketch,
    optional: true)
  package static let variables = [sketch]

  package init?(_ settings: Settings) {
    guard settings.value(Self.key) else { return nil }
    self.init(every: settings.value(Self.everyKey))
  }

  package func expectedProducts(_ scale: QuantityScale) -> Double { 0 }

  package func makeQuantity<Scalar: RealScalar>(for objective: Objective<Scalar>) -> any Quantity<Scalar> {
    WeightSketch(every: every)
  }
}

extension MeasurementRule {
  /// The measurements from one sketch of the weights to the next; nil where there are none.
  package var sketchInterval: Int? { quantities.lazy.compactMap { $0 as? SketchConfiguration }.first?.every }
}

/// The weights of the measurement, projected by `Sketch`; the weights themselves where they are no longer than a sketch.
final class WeightSketch<Scalar: RealScalar>: Quantity {
  private let every: Int

  init(every: Int) { self.every = every }

  func measure(at point: MeasurementPoint<Scalar>) -> [Variable: [Double]] {
    point.index % every == 0 ? [SketchConfiguration.sketch: Sketch.of(point.run.weights)] : [:]
  }
}
