import Datasets
internal import Learning
internal import LinearAlgebra

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

  func measure(at point: MeasurementPoint<Scalar>) throws -> [String: [Double]] {
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
      "full_gradient_norm": [mean.norm], "gradient_noise_trace": [trace],
      "gradient_noise_scale": [trace / (mean.dot(mean) - trace / examples)],
    ]
  }
}
