internal import LinearAlgebra
internal import Spectra

/// How much of each top eigenvector lies in the span of those of the last measurement: the squared norm of
/// its projection.
///
/// Their mean is the overlap of two subspaces as Gur-Ari, Roberts and Dyer 2018 (arXiv 1812.04754) define it.
final class SubspaceOverlaps<Scalar: RealScalar>: Quantity {
  private var last: [String: [Vector<Scalar>]] = [:]

  func measure(at point: MeasurementPoint<Scalar>) throws -> [String: [Double]] {
    try point.overSpectra { spectrum in
      let before = last.updateValue(spectrum.pairs.vectors, forKey: spectrum.name)
      guard let before, !before.isEmpty else { return [:] }
      return [
        "overlaps": spectrum.pairs.vectors.map { vector in
          min(before.reduce(0) { $0 + vector.squaredCosine(with: $1) }, 1)
        }
      ]
    }
  }
}
