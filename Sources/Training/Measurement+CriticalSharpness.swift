import Probes

extension Measurement {
  /// The sharpness to which the critical step size belongs; all of the run hangs on it, so it must be known.
  func criticalSharpness(maximumProducts: Int) throws(RunError) -> Double {
    guard let spectrum = preconditioned, let top = spectrum.values.first, top.isFinite else {
      throw RunError(
        "schedule.unit: the sharpness of the first weights is not a finite number, so there is no critical step "
          + "size; write 'absolute', or begin with smaller weights")
    }
    guard spectrum.converged[0] else {
      throw RunError(
        "measure.max_products: \(maximumProducts) Hessian products did not find the sharpness of the first weights, "
          + "which schedule.unit counts in; write more, or a larger measure.tolerance")
    }
    guard top > 0 else {
      throw RunError(
        "schedule.unit: the first weights have no positive curvature, so there is no critical step size; "
          + "write 'absolute' or choose another seed")
    }
    return top
  }
}
