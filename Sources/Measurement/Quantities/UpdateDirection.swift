internal import Learning
internal import LinearAlgebra
internal import Optimizers

/// The coming update `w -> w + d` against the quadratic model of the loss.
///
/// - The curvature along it, `d^T H d / d^T d`.
/// - The relative progress `(L(w + d) - L(w)) / -(g . d)`: -1 where the loss decreases as the gradient says,
///   0 where the step gains nothing (Ahn, Zhang and Sra 2022, arXiv 2204.01050). Loss and gradient are those
///   of all training examples.
final class UpdateDirection<Scalar: RealScalar>: Quantity {
  func measure(at point: MeasurementPoint<Scalar>) throws -> [String: [Double]] {
    let (run, scratch) = (point.run, Vector<Scalar>(count: point.dimension))
    let moved = run.optimizer.preview(run.weights, gradient: run.gradient, learningRate: run.learningRate)
    let (loss, gradient) = try point.fullGradient()
    let change = try point.objective.gradient(at: moved, into: scratch).loss - loss
    moved.add(run.weights, scaledBy: -1)
    return [
      "relative_progress": [change / -gradient.dot(moved)],
      "directional_sharpness": [try point.withHessian { try $0.rayleighQuotient(moved, scratch: scratch) }],
    ]
  }
}
