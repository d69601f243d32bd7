internal import LinearAlgebra
internal import Schema

/// RMSProp with one scale for all weights (Cohen et al., arXiv 2410.24206, section 4).
///
///     nu = beta2 nu + (1 - beta2) |g|^2
///     w -= eta g / (sqrt(nu) + epsilon)       with bias correction  nu / (1 - beta2^t)  in the place of nu
///
/// The paper has neither epsilon (0 is the default) nor the correction (on by default, as for `rmsprop`).
enum ScalarRMSProp: AdaptiveRule {
  static let name = "scalar-rmsprop"
  static let defaults: Hyperparameters = [.beta2: 0.99, .epsilon: 0.0, .biasCorrection: true]

  static func preconditioner<Scalar: RealScalar>(
    _ parameters: Hyperparameters, shapes: [[Int]]
  ) -> any Preconditioner<Scalar> {
    NormMoment(
      beta2: parameters[.beta2], epsilon: parameters[.epsilon],
      biasCorrection: parameters.flag(.biasCorrection))
  }
}

/// The preconditioner of scalar RMSProp: a multiple of the identity.
private final class NormMoment<Scalar: RealScalar>: Preconditioner {
  private let beta2: Double
  private let epsilon: Double
  private let biasCorrection: Bool
  /// One number; as `Scalar`, so that it is the same before and after it was stored.
  private let moment = Vector<Scalar>(count: 1)

  init(beta2: Double, epsilon: Double, biasCorrection: Bool) {
    (self.beta2, self.epsilon, self.biasCorrection) = (beta2, epsilon, biasCorrection)
  }

  var state: [(name: String, vector: Vector<Scalar>)] { [("squared_norm", moment)] }

  func absorb(_ gradient: Vector<Scalar>, at weights: Vector<Scalar>, count: Int) {
    moment[0] = Scalar(beta2 * Double(moment[0]) + (1 - beta2) * gradient.dot(gradient))
  }

  func write(into diagonal: Vector<Scalar>, after count: Int) { diagonal.fill(Scalar(scale(after: count))) }

  func move(_ weights: Vector<Scalar>, along direction: Vector<Scalar>, by amount: Double, after count: Int) {
    let scale = scale(after: count)
    weights.add(direction, scaledBy: scale == 0 ? 0 : -amount / scale)
  }

  private func scale(after count: Int) -> Double {
    let correction = biasCorrection ? 1 - power(beta2, count) : 1
    return (Double(moment[0]) / correction).squareRoot() + epsilon
  }
}
