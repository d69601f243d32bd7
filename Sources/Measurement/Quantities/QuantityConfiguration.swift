public import LinearAlgebra

/// A quantity a job asks for, with its settings.
public enum QuantityConfiguration: Hashable, Sendable {
  /// The trace of the Hessian from so many random probes.
  case trace(probes: Int)

  /// Makes what measures it along one run.
  public func makeQuantity<Scalar: RealScalar>(as scalar: Scalar.Type) -> any Quantity<Scalar> {
    switch self {
    case .trace(let probes): Trace(probes: probes)
    }
  }

  /// Hessian products it is expected to take per measurement, where there are so many `spectra`: 2 if the
  /// preconditioned Hessian is measured too, else 1.
  public func expectedProducts(spectra: Double) -> Double {
    switch self {
    case .trace(let probes): Double(probes) * spectra
    }
  }
}
