package import Learning
package import LinearAlgebra
package import Schema
internal import Spectra

/// The projections of the top eigenvectors onto the last ones.
package struct OverlapConfiguration: QuantityConfiguration {
  package init() {}

  private static let key = Key(
    "measure.overlaps", .flag, default: false,
    about: "Also records how much of every eigenvector lies in the span of the last measurement's.")
  package static let keys = [key]

  package static let overlaps = VariablePair(
    "overlaps", "squared projections onto the last eigenvectors of H", "the same for P^-1/2 H P^-1/2",
    per: .eigenvalue)
  package static let variables = [overlaps].variables

  package init?(_ settings: Settings) {
    guard settings.value(Self.key) else { return nil }
  }

  package func expectedProducts(_ scale: QuantityScale) -> Double { 0 }

  package func makeQuantity<Scalar: RealScalar>(for objective: Objective<Scalar>) -> any Quantity<Scalar> {
    SubspaceOverlaps()
  }
}

/// How much of each top eigenvector lies in the span of those of the last measurement: the squared norm of
/// its projection.
///
/// Their mean is the overlap of two subspaces as Gur-Ari, Roberts and Dyer 2018 (arXiv 1812.04754) define it.
final class SubspaceOverlaps<Scalar: RealScalar>: Quantity {
  func measure(at point: MeasurementPoint<Scalar>) throws -> [Variable: [Double]] {
    try point.overSpectra { spectrum in
      guard !spectrum.lastVectors.isEmpty else { return [:] }
      return [
        OverlapConfiguration.overlaps: spectrum.pairs.vectors.map { vector in
          min(spectrum.lastVectors.reduce(0) { $0 + vector.squaredCosine(with: $1) }, 1)
        }
      ]
    }
  }
}
