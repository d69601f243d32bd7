package import Learning
package import LinearAlgebra
package import Schema

/// The gradient noise scale, from so many batches.
package struct NoiseScaleConfiguration: QuantityConfiguration {
  /// The number of batches.
  let batches: Int

  package init(batches: Int) { self.batches = batches }

  private static let key = Key(
    "measure.noise_scale", .integer(1...1_000_000, or: ["none"]), default: "none",
    about: "Measures the gradient noise scale over so many batches, where batches are not full.")
  package static let keys = [key]

  static let gradientNorm = Variable(
    "full_gradient_norm", .real, "Euclidean norm of the gradient over all training examples",
    per: .measurement, optional: true)
  static let trace = Variable(
    "gradient_noise_trace", .real, "estimate of the trace of the covariance of examples' gradients",
    per: .measurement, optional: true)
  static let scale = Variable(
    "gradient_noise_scale", .real, "that over the squared norm of the true gradient", per: .measurement,
    optional: true)
  package static let variables = [gradientNorm, trace, scale]

  package init?(_ settings: Settings) {
    guard let batches: Int = settings.value(Self.key, as: Int?.self) else { return nil }
    self.init(batches: batches)
  }

  package func expectedProducts(_ scale: QuantityScale) -> Double {
    scale.hasFullBatches ? 0 : (Double(batches) * scale.batchShare + scale.fullShare) / 2
  }

  package func makeQuantity<Scalar: RealScalar>(for objective: Objective<Scalar>) -> any Quantity<Scalar> {
    NoiseScale(batches: batches)
  }
}

/// The gradient noise scale `tr(Sigma) / |G|^2`.
///
/// Source: McCandlish, Kaplan, Amodei and others 2018, arXiv 1812.06162, appendix A.1. `Sigma` is the
/// covariance of the gradients of single examples. Batches of `B` of the `n` examples, drawn without
/// replacement, have gradients with `E |g_B - g_n|^2 = tr(Sigma) (1/B - 1/n)`, where `g_n` is the gradient
/// over all examples, and `E |g_n|^2 = |G|^2 + tr(Sigma) / n` over draws of the training set: both give
/// unbiased estimates.
final class NoiseScale<Scalar: RealScalar>: Quantity {
  private let batches: Int

  init(batches: Int) { self.batches = batches }

  func measure(at point: MeasurementPoint<Scalar>) throws -> [Variable: [Double]] {
    guard let drawn = point.drawBatches(batches, .noiseScale), let size = drawn.first?.count else {
      return [:]
    }
    let (mean, gradient) = (try point.fullGradient().gradient, Vector<Scalar>(count: point.dimension))
    let squares = try drawn.map { batch in
      _ = try point.objective.gradient(at: point.run.weights, batch: batch, into: gradient)
      gradient.add(mean, scaledBy: -1)
      return gradient.dot(gradient)
    }
    let examples = Double(point.objective.exampleCount)
    let trace = Sample(squares).mean / (1 / Double(size) - 1 / examples)
    return [
      NoiseScaleConfiguration.gradientNorm: [mean.norm], NoiseScaleConfiguration.trace: [trace],
      NoiseScaleConfiguration.scale: [trace / (mean.dot(mean) - trace / examples)],
    ]
  }
}
