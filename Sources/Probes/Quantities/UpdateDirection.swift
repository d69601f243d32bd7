package import Learning
package import LinearAlgebra
internal import Optimizers
package import Schema

/// The curvature along the update, and its relative progress.
package struct DirectionConfiguration: QuantityConfiguration {
  package init() {}

  private static let key = Key(
    "measure.direction", .flag, default: false,
    about: "Also measures the curvature along the update, and its progress against the gradient's promise.")
  package static let keys = [key]

  static let sharpness = Variable(
    "directional_sharpness", .real, "curvature d^T H d / d^T d along the update d", per: .measurement,
    optional: true)
  static let progress = Variable(
    "relative_progress", .real, "change of the loss over -g^T d; -1 as the gradient says",
    per: .measurement, optional: true)
  package static let variables = [sharpness, progress]

  package init?(_ settings: Settings) {
    guard settings.value(Self.key) else { return nil }
  }

  package func expectedProducts(_ scale: QuantityScale) -> Double {
    1 + scale.fullShare / (scale.hasFullBatches ? 2 : 1)
  }

  package func makeQuantity<Scalar: RealScalar>(for objective: Objective<Scalar>) -> any Quantity<Scalar> {
    UpdateDirection()
  }
}

/// The update `d = w_(t+1) - w_t` of step `t` against the quadratic model of the loss.
///
/// - The curvature along it, `d^T H d / d^T d`, with the Hessian where the measurement is taken.
/// - The relative progress `(L(w_(t+1)) - L(w_t)) / -(g . d)`: -1 where the loss decreases as the gradient says,
///   0 where the step gains nothing (Ahn, Zhang and Sra 2022, arXiv 2204.01050). Loss and gradient are those
///   of all training examples, at `w_t` also where the measurement is taken at the midpoint.
final class UpdateDirection<Scalar: RealScalar>: Quantity {
  func measure(at point: MeasurementPoint<Scalar>) throws -> [Variable: [Double]] {
    let (update, scratch) = (point.run.update, Vector<Scalar>(count: point.dimension))
    let direction = Vector<Scalar>(count: point.dimension)
    direction.copy(from: update.next)
    direction.add(update.weights, scaledBy: -1)
    let (loss, gradient) = try fullGradient(before: update, point)
    let change = try point.objective.loss(at: update.next).loss - loss
    return [
      DirectionConfiguration.progress: [change / -gradient.dot(direction)],
      DirectionConfiguration.sharpness: [
        try point.hessian.rayleighQuotient(direction, scratch: scratch)
      ],
    ]
  }

  /// Loss and gradient over all training examples at `w_t`.
  private func fullGradient(
    before update: RunUpdate<Scalar>, _ point: MeasurementPoint<Scalar>
  ) throws -> (loss: Double, gradient: Vector<Scalar>) {
    if point.run.place == .iterate { return try point.fullGradient() }
    if point.run.batch == .full { return (update.loss, update.gradient) }
    let gradient = Vector<Scalar>(count: point.dimension)
    return (try point.objective.gradient(at: update.weights, into: gradient).loss, gradient)
  }
}
