internal import LinearAlgebra
internal import Schema

/// Padam: Chen et al., "Closing the generalization gap of adaptive gradient methods", 2018, arXiv 1806.06763,
/// algorithm 1.
///
///     m  = beta1 m + (1 - beta1) g
///     nu = beta2 nu + (1 - beta2) g^2
///     w -= eta m / (nu^p + epsilon)
///
/// `exponent` is p: 1/2 is Adam, 1/8 what Chen recommends, 1/4 what Cohen et al. 2022 (arXiv 2207.14484) take. Chen takes
/// the running maximum of nu (`running_maximum: true`), as AMSGrad does; neither corrects biases.
enum Padam: AdaptiveRule {
  static let name = "padam"
  static let defaults: Hyperparameters = [
    .beta1: 0.9, .beta2: 0.999, .epsilon: 1e-7, .biasCorrection: false, .exponent: 0.25,
    .runningMaximum: false,
  ]

  static func filter(_ parameters: Hyperparameters, after count: Int) -> GradientFilter {
    .average(parameters[.beta1])
  }

  static func preconditioner<Scalar: RealScalar>(
    _ parameters: Hyperparameters, shapes: [[Int]]
  ) -> any Preconditioner<Scalar> {
    SecondMoment(
      adam: parameters, shapes: shapes, keepsMaximum: parameters.flag(.runningMaximum),
      exponent: parameters[.exponent])
  }
}
