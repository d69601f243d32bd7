internal import LinearAlgebra
internal import Spectra

/// How much of each top eigenvector lies in the span of those of the last measurement: the squared norm of
/// its projection.
///
/// Their mean is the overlap of two subspaces as Gur-Ari, Roberts and Dyer 2018 (arXiv 1812.04754) define it.
final class SubspaceOverlaps<Scalar: RealScalar>: Quantity {
  func measure(at point: MeasurementPoint<Scalar>) throws -> [String: [Double]] {
    try point.overSpectra { spectrum in
      guard !spectrum.lastVectors.isEmpty else { return [:] }
      return [
        "overlaps": spectrum.pairs.vectors.map { vector in
          min(spectrum.lastVectors.reduce(0) { $0 + vector.squaredCosine(with: $1) }, 1)
        }
      ]
    }
  }
}
