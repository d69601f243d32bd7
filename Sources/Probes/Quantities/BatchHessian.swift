package import Learning
package import LinearAlgebra
package import Schema
package import Spectra

/// The largest eigenvalue of the Hessian of the step's batch.
package struct BatchHessianConfiguration: QuantityConfiguration {
  /// How it is searched.
  let solver: BlockKrylov
  /// Measurements after which a search starts from random vectors; nil: only the first.
  let coldInterval: Int?

  package init(solver: BlockKrylov, coldInterval: Int?) {
    (self.solver, self.coldInterval) = (solver, coldInterval)
  }

  private static let key = Key(
    "measure.batch_hessian", .flag, default: false,
    about: "Also measures the sharpness of the step's own batch.")
  package static let keys = [key]

  package static let sharpness = Variable(
    "batch_hessian_sharpness", .real, "largest eigenvalue of the Hessian of the step's batch",
    per: .measurement, optional: true)
  package static let residual = Variable(
    "batch_hessian_residual", .real, "2-norm of its residual", per: .measurement, optional: true)
  static let converged = Variable(
    "batch_hessian_converged", .flag(["no", "yes"]), "whether it is small enough", per: .measurement,
    optional: true)
  package static let variables = [sharpness, residual, converged]

  package init?(_ settings: Settings) {
    guard settings.value(Self.key) else { return nil }
    let rule = MeasurementRule(settings)
    self.init(solver: rule.solver(1), coldInterval: rule.coldInterval)
  }

  package func expectedProducts(_ scale: QuantityScale) -> Double {
    scale.hasFullBatches ? 0 : (Self.productsPerEigenvalue + 0.5) * scale.batchShare
  }

  package func makeQuantity<Scalar: RealScalar>(for objective: Objective<Scalar>) -> any Quantity<Scalar> {
    BatchHessian(solver: solver, coldInterval: coldInterval)
  }
}

/// The largest eigenvalue of the Hessian of the step's own batch; with full batches that of the Hessian.
final class BatchHessian<Scalar: RealScalar>: Quantity {
  private var tracker: SpectrumTracker<Scalar>

  init(solver: BlockKrylov, coldInterval: Int?) {
    tracker = SpectrumTracker(solver, coldInterval: coldInterval)
  }

  var searches: [SpectrumTracker<Scalar>.State] {
    get { [tracker.state] }
    set {
      precondition(newValue.count == 1, "the state is that of another quantity")
      tracker.state = newValue[0]
    }
  }

  func measure(at point: MeasurementPoint<Scalar>) throws -> [Variable: [Double]] {
    let pairs =
      point.run.batch == .full
      ? point.hessianPairs
      : try tracker.next(point.hessian(over: point.run.batch), random: point.random(.batchHessian))
    return [
      BatchHessianConfiguration.sharpness: [pairs.values[0]],
      BatchHessianConfiguration.residual: [pairs.residuals[0]],
      BatchHessianConfiguration.converged: [pairs.converged[0] ? 1 : 0],
    ]
  }
}
