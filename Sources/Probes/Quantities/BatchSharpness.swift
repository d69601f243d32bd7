internal import Learning
internal import LinearAlgebra

/// Batch sharpness: the mean over batches of `g_B^T H_B g_B / |g_B|^2`, with loss, gradient and Hessian of
/// the same batch (Andreyev and Beneventano 2024, arXiv 2412.20553).
///
/// The batches are of the run's size, drawn for the measurement without replacement. With full batches there
/// is one, the measured examples, along the gradient of the step.
final class BatchSharpness<Scalar: RealScalar>: Quantity {
  private let batches: Int

  init(batches: Int) { self.batches = batches }

  func measure(at point: MeasurementPoint<Scalar>) throws -> [String: [Double]] {
    let sample = Sample(try draws(at: point))
    return ["batch_sharpness": [sample.mean], "batch_sharpness_error": [sample.standardError]]
  }

  private func draws(at point: MeasurementPoint<Scalar>) throws -> [Double] {
    let image = Vector<Scalar>(count: point.dimension)
    guard let drawn = point.drawBatches(batches, .batchSharpness) else {
      return [try point.withHessian { try $0.rayleighQuotient(point.run.gradient, scratch: image) }]
    }
    let gradient = Vector<Scalar>(count: point.dimension)
    return try drawn.map { batch in
      _ = try point.objective.gradient(
        at: point.run.weights, batch: batch, into: gradient, linearizing: true)
      return try point.withHessian(over: batch) { try $0.rayleighQuotient(gradient, scratch: image) }
    }
  }
}
