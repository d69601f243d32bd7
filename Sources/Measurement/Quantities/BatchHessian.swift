internal import Learning
internal import LinearAlgebra
internal import Spectra

/// The largest eigenvalue of the Hessian of the step's own batch; with full batches that of the Hessian.
final class BatchHessian<Scalar: RealScalar>: Quantity {
  private var search: WarmSearch<Scalar>

  init(tolerance: Double, maximumProducts: Int) {
    search = WarmSearch(tolerance: tolerance, maximumProducts: maximumProducts)
  }

  func measure(at point: MeasurementPoint<Scalar>) throws -> [String: [Double]] {
    let found =
      point.run.batch == .full
      ? (point.hessianPairs.values[0], point.hessianPairs.residuals[0])
      : try point.withHessian(over: point.run.batch) {
        try search.largest(of: $0, point.random(.batchHessian))
      }
    return ["batch_hessian_sharpness": [found.0], "batch_hessian_residual": [found.1]]
  }
}
