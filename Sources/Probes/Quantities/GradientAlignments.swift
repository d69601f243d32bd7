internal import LinearAlgebra
internal import Spectra

/// The squared cosines between the gradient of the step's batch and each of the top eigenvectors of the
/// Hessian.
final class GradientAlignments<Scalar: RealScalar>: Quantity {
  func measure(at point: MeasurementPoint<Scalar>) -> [String: [Double]] {
    let gradient = point.run.gradient
    return ["gradient_alignments": point.hessianPairs.vectors.map { gradient.squaredCosine(with: $0) }]
  }
}

extension Vector {
  /// `(x . y)^2 / (|x|^2 |y|^2)`, between 0 and 1; NaN where one is zero.
  func squaredCosine(with other: Vector) -> Double {
    let cosine = dot(other) / (norm * other.norm)
    return min(cosine * cosine, 1)
  }
}
