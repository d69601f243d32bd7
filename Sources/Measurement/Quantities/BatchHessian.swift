internal import Learning
internal import LinearAlgebra
internal import Spectra

/// The largest eigenvalue of the Hessian of the step's own batch; with full batches that of the Hessian.
final class BatchHessian<Scalar: RealScalar>: Quantity {
  private var tracker: SpectrumTracker<Scalar>

  init(tolerance: Double, maximumProducts: Int) {
    tracker = SpectrumTracker(
      BlockKrylov(count: 1, tolerance: tolerance, maximumProducts: maximumProducts))
  }

  func measure(at point: MeasurementPoint<Scalar>) throws -> [String: [Double]] {
    let pairs =
      point.run.batch == .full
      ? point.hessianPairs
      : try point.withHessian(over: point.run.batch) {
        try tracker.next($0, random: point.random(.batchHessian))
      }
    return ["batch_hessian_sharpness": [pairs.values[0]], "batch_hessian_residual": [pairs.residuals[0]]]
  }
}
