internal import LinearAlgebra
internal import Schema

/// AMSGrad: Reddi, Kale & Kumar, "On the convergence of Adam and beyond", 2018, arXiv 1904.09237, algorithm 2.
///
///     m  = beta1 m + (1 - beta1) g
///     nu = beta2 nu + (1 - beta2) g^2
///     nu_max = max(nu_max, nu)
///     w -= eta m / (sqrt(nu_max) + epsilon)
///
/// With bias correction, which the paper does not have, `m / (1 - beta1^t)` and `nu_max / (1 - beta2^t)`, as PyTorch.
enum AMSGrad: AdaptiveRule {
  static let name = "amsgrad"
  static let defaults: Hyperparameters = [
    .beta1: 0.9, .beta2: 0.999, .epsilon: 1e-7, .biasCorrection: true,
  ]

  static func filter(_ parameters: Hyperparameters, after count: Int) -> GradientFilter {
    .average(parameters[.beta1])
  }

  static func preconditioner<Scalar: RealScalar>(
    _ parameters: Hyperparameters, shapes: [[Int]]
  ) -> any Preconditioner<Scalar> {
    SecondMoment(adam: parameters, shapes: shapes, keepsMaximum: true)
  }
}
