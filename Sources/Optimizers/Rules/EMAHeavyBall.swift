internal import Schema

/// Heavy ball in the form of a moving average, the first moment of Adam alone (Cohen et al., arXiv 2207.14484).
///
///     m = beta m + (1 - beta) g
///     w -= eta m                     with bias correction  eta m / (1 - beta^t)
///
/// With bias correction the filter, and with it the threshold, depends on `t`.
enum EMAHeavyBall: OptimizerRule {
  static let name = "ema-heavy-ball"
  static let defaults: Hyperparameters = [.momentum: 0.9, .biasCorrection: false]

  static func filter(_ parameters: Hyperparameters, after count: Int) -> GradientFilter {
    let beta = parameters[.momentum]
    return .average(beta, correction: parameters.flag(.biasCorrection) ? 1 - power(beta, count) : 1)
  }
}
