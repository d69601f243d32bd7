package import Learning
package import LinearAlgebra
package import Schema
internal import Spectra

/// Batch sharpness, from so many batches.
package struct BatchSharpnessConfiguration: QuantityConfiguration {
  /// The number of batches.
  let batches: Int

  package init(batches: Int) { self.batches = batches }

  private static let key = Key(
    "measure.batch_sharpness", .integer(1...1_000_000, or: ["none"]), default: "none",
    about: "Measures batch sharpness over so many batches.")
  package static let keys = [key]

  static let value = Variable(
    "batch_sharpness", .real, "mean of g_B^T H_B g_B / g_B^T g_B over batches B", per: .measurement,
    optional: true)
  static let error = Variable(
    "batch_sharpness_error", .real, "its standard error", per: .measurement, optional: true)
  package static let variables = [value, error]

  package init?(_ settings: Settings) {
    guard let batches: Int = settings.value(Self.key, as: Int?.self) else { return nil }
    self.init(batches: batches)
  }

  package func expectedProducts(_ scale: QuantityScale) -> Double {
    scale.hasFullBatches ? 1 : Double(batches) * 1.5 * scale.batchShare
  }

  package func makeQuantity<Scalar: RealScalar>(for objective: Objective<Scalar>) -> any Quantity<Scalar> {
    BatchSharpness(batches: batches)
  }
}

/// Batch sharpness: the mean over batches of `g_B^T H_B g_B / |g_B|^2`, with loss, gradient and Hessian of
/// the same batch (Andreyev and Beneventano 2024, arXiv 2412.20553).
///
/// The batches are of the run's size, drawn for the measurement without replacement. With full batches there
/// is one, the measured examples, along the gradient of the step.
final class BatchSharpness<Scalar: RealScalar>: Quantity {
  private let batches: Int

  init(batches: Int) { self.batches = batches }

  func measure(at point: MeasurementPoint<Scalar>) throws -> [Variable: [Double]] {
    let sample = Sample(try draws(at: point))
    return [
      BatchSharpnessConfiguration.value: [sample.mean],
      BatchSharpnessConfiguration.error: [sample.standardError],
    ]
  }

  private func draws(at point: MeasurementPoint<Scalar>) throws -> [Double] {
    let image = Vector<Scalar>(count: point.dimension)
    guard let drawn = point.drawBatches(batches, .batchSharpness) else {
      return [try point.hessian.rayleighQuotient(point.run.gradient, scratch: image)]
    }
    let gradient = Vector<Scalar>(count: point.dimension)
    return try drawn.map { batch in
      try point.hessian(over: batch, gradient: gradient).rayleighQuotient(gradient, scratch: image)
    }
  }
}
