internal import LinearAlgebra
internal import Schema

/// NAdam: Dozat, "Incorporating Nesterov momentum into Adam", 2016, algorithm 2.
///
///     m  = beta1 m + (1 - beta1) g
///     nu = beta2 nu + (1 - beta2) g^2
///     u  = (1 - mu_t) g / (1 - mu_1 ... mu_t) + mu_{t+1} m / (1 - mu_1 ... mu_{t+1})
///     w -= eta u / (sqrt(nu / (1 - beta2^t)) + epsilon)
///
/// The momentum `mu_t` is beta1, as in Cohen et al. 2022 (arXiv 2207.14484); or, with `momentum_decay` psi > 0, Dozat's
/// schedule `mu_t = beta1 (1 - 0.96^(psi t) / 2)`, in PyTorch with psi = 0.004. Without bias correction all
/// denominators `1 - ...` are 1. Both corrections of the first moment stand in the filter, so the threshold
/// depends on `t`; for large `t` it is that of the moving average with Nesterov's momentum.
enum NAdam: AdaptiveRule {
  static let name = "nadam"
  static let defaults: Hyperparameters = [
    .beta1: 0.9, .beta2: 0.999, .epsilon: 1e-7, .biasCorrection: true, .momentumDecay: 0.0,
  ]

  static func filter(_ parameters: Hyperparameters, after count: Int) -> GradientFilter {
    let beta1 = parameters[.beta1]
    let momentum = Momentum(beta1: beta1, decay: parameters[.momentumDecay])
    var (newest, average) = (1 - momentum.value(count), momentum.value(count + 1) * (1 - beta1))
    if parameters.flag(.biasCorrection) {
      let product = momentum.product(count)
      newest /= 1 - product
      average /= 1 - product * momentum.value(count + 1)
    }
    return GradientFilter(direct: newest, accumulated: average, decay: beta1)
  }

  static func preconditioner<Scalar: RealScalar>(
    _ parameters: Hyperparameters, shapes: [[Int]]
  ) -> any Preconditioner<Scalar> {
    SecondMoment(adam: parameters.merging([.beta1: 0.0]), shapes: shapes)
  }
}

/// The momentum `mu_1, mu_2 ...` of NAdam.
private struct Momentum {
  let beta1: Double
  let decay: Double

  func value(_ t: Int) -> Double {
    decay == 0 ? beta1 : beta1 * (1 - 0.5 * ElementaryFunctions.power(0.96, decay * Double(t)))
  }

  /// `mu_1 ... mu_t`, or 0 as soon as `1 - ` of it is 1.
  func product(_ t: Int) -> Double {
    if decay == 0 { return power(beta1, t) }
    var product = 1.0
    for i in 1...t {
      product *= value(i)
      if product < 0x1p-54 { return 0 }
    }
    return product
  }
}
