import Datasets
internal import LinearAlgebra
internal import Spectra

/// The trace of the Hessians by Hutchinson's estimator (Communications in Statistics 18, 1989): the mean of
/// `v^T A v` over probes `v` whose elements are -1 or 1, each with probability 1/2.
///
/// It has no error where the matrix is diagonal; otherwise the variance of a probe is twice the sum of
/// squares off the diagonal. One product per probe.
final class Trace<Scalar: RealScalar>: Quantity {
  private let probes: Int

  init(probes: Int) { self.probes = probes }

  func measure(at point: MeasurementPoint<Scalar>) throws -> [String: [Double]] {
    let random = point.random(.trace)
    return try point.overSpectra(slopes: ["trace": Double(point.dimension)]) {
      let estimate = try estimate($0.matrix, random)
      return ["trace": [estimate.mean], "trace_error": [estimate.standardError]]
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
