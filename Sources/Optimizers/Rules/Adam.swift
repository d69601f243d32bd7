internal import LinearAlgebra
internal import Schema

/// Adam: Kingma & Ba, "Adam: a method for stochastic optimization", 2014, arXiv 1412.6980, algorithm 1.
///
///     m  = beta1 m + (1 - beta1) g
///     nu = beta2 nu + (1 - beta2) g^2
///     w -= eta m / (1 - beta1^t) / (sqrt(nu / (1 - beta2^t)) + epsilon)
///
/// Without bias correction `eta m / (sqrt(nu) + epsilon)`.
enum Adam: AdaptiveRule {
  static let name = "adam"
  static let defaults: Hyperparameters = [
    .beta1: 0.9, .beta2: 0.999, .epsilon: 1e-7, .biasCorrection: true,
  ]

  static func filter(_ parameters: Hyperparameters, after count: Int) -> GradientFilter {
    .average(parameters[.beta1])
  }

  static func preconditioner<Scalar: RealScalar>(
    _ parameters: Hyperparameters, shapes: [[Int]]
  ) -> any Preconditioner<Scalar> {
    SecondMoment(adam: parameters, shapes: shapes)
  }
}
