internal import Learning
internal import LinearAlgebra
internal import Spectra

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

  func measure(at point: MeasurementPoint<Scalar>) throws -> [String: [Double]] {
    let pairs =
      point.run.batch == .full
      ? point.hessianPairs
      : try point.withHessian(over: point.run.batch) {
        try tracker.next($0, random: point.random(.batchHessian))
      }
    return [
      "batch_hessian_sharpness": [pairs.values[0]], "batch_hessian_residual": [pairs.residuals[0]],
      "batch_hessian_converged": [pairs.converged[0] ? 1 : 0],
    ]
  }
}
