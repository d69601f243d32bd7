internal import LinearAlgebra
internal import Schema

/// RMSProp: Tieleman & Hinton, "Neural networks for machine learning", lecture 6.5, 2012, with Adam's epsilon and bias
/// correction.
///
///     nu = beta2 nu + (1 - beta2) g^2
///     w -= eta g / (sqrt(nu) + epsilon)       with bias correction  nu / (1 - beta2^t)  in the place of nu
///
/// Without the correction as PyTorch's, where beta2 is called alpha.
enum RMSProp: AdaptiveRule {
  static let name = "rmsprop"
  static let defaults: Hyperparameters = [.beta2: 0.99, .epsilon: 1e-7, .biasCorrection: true]

  static func preconditioner<Scalar: RealScalar>(
    _ parameters: Hyperparameters, shapes: [[Int]]
  ) -> any Preconditioner<Scalar> {
    SecondMoment(adam: parameters.merging([.beta1: 0.0]), shapes: shapes)
  }
}
