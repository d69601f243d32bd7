package import Learning
package import LinearAlgebra
package import Schema
internal import Spectra

/// The trace of the Hessians from so many random probes.
package struct TraceConfiguration: QuantityConfiguration {
  /// The number of probes.
  let probes: Int

  package init(probes: Int) { self.probes = probes }

  private static let key = Key(
    "measure.trace", .integer(2...Int.max, or: ["none"]), default: "none",
    about: "Estimates the trace of the Hessians from so many random probes, a product each.")
  package static let keys = [key]

  package static let value = VariablePair(
    "trace", "estimate of the trace of H", "estimate of the trace of P^-1/2 H P^-1/2")
  package static let error = VariablePair("trace_error", "its standard error", "its standard error")
  package static let variables = [value, error].variables

  package init?(_ settings: Settings) {
    guard let probes: Int = settings.value(Self.key, as: Int?.self) else { return nil }
    self.init(probes: probes)
  }

  package func expectedProducts(_ scale: QuantityScale) -> Double { Double(probes) * scale.spectra }

  package func makeQuantity<Scalar: RealScalar>(for objective: Objective<Scalar>) -> any Quantity<Scalar> {
    Trace(probes: probes)
  }
}

/// The trace of the Hessians by Hutchinson's estimator (Communications in Statistics 18, 1989): the mean of
/// `v^T A v` over probes `v` whose elements are -1 or 1, each with probability 1/2.
///
/// It has no error where the matrix is diagonal; otherwise the variance of a probe is twice the sum of
/// squares off the diagonal. One product per probe.
final class Trace<Scalar: RealScalar>: Quantity {
  private let probes: Int

  init(probes: Int) { self.probes = probes }

  func measure(at point: MeasurementPoint<Scalar>) throws -> [Variable: [Double]] {
    let random = point.random(.trace)
    return try point.overSpectra(slopes: [TraceConfiguration.value: Double(point.dimension)]) {
      let estimate = try estimate($0.matrix, random)
      return [
        TraceConfiguration.value: [estimate.mean], TraceConfiguration.error: [estimate.standardError],
      ]
    }
  }

  /// The trace of any matrix, with its standard error.
  func estimate(_ matrix: any SymmetricOperator<Scalar>, _ random: Philox) throws -> Sample {
    let (probe, image) = (Vector<Scalar>(count: matrix.dimension), Vector<Scalar>(count: matrix.dimension))
    return Sample(
      try (0..<probes).map { index in
        random.fillSigns(probe.all, first: UInt64(index) * UInt64(probe.count))
        try matrix.apply(probe, into: image)
        return probe.dot(image)
      })
  }
}
