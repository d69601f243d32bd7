package import Learning
package import LinearAlgebra
package import Schema
internal import Spectra

/// The squared cosines of the gradient with the top eigenvectors.
package struct AlignmentConfiguration: QuantityConfiguration {
  package init() {}

  private static let key = Key(
    "measure.alignments", .flag, default: false,
    about: "Also records the squared cosine of the gradient with every eigenvector.")
  package static let keys = [key]

  package static let alignments = Variable(
    "gradient_alignments", .real, "squared cosines of gradient and eigenvectors of H", per: .measurement,
    .eigenvalue, optional: true)
  package static let variables = [alignments]

  package init?(_ settings: Settings) {
    guard settings.value(Self.key) else { return nil }
  }

  package func expectedProducts(_ scale: QuantityScale) -> Double { 0 }

  package func makeQuantity<Scalar: RealScalar>(for objective: Objective<Scalar>) -> any Quantity<Scalar> {
    GradientAlignments()
  }
}

/// The squared cosines between the gradient of the step's batch and each of the top eigenvectors of the
/// Hessian.
final class GradientAlignments<Scalar: RealScalar>: Quantity {
  func measure(at point: MeasurementPoint<Scalar>) -> [Variable: [Double]] {
    let gradient = point.run.gradient
    return [
      AlignmentConfiguration.alignments: point.hessianPairs.vectors.map { gradient.squaredCosine(with: $0) }
    ]
  }
}

extension Vector {
  /// `(x . y)^2 / (|x|^2 |y|^2)`, between 0 and 1; NaN where one is zero.
  func squaredCosine(with other: Vector) -> Double {
    let cosine = dot(other) / (norm * other.norm)
    return min(cosine * cosine, 1)
  }
}
