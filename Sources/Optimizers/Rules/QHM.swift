internal import Schema

/// Quasi-hyperbolic momentum: Ma & Yarats, "Quasi-hyperbolic momentum and Adam for deep learning", 2018,
/// arXiv 1810.06801, equations (3) and (4); defaults are their rule of thumb.
///
///     m = beta m + (1 - beta) g
///     w -= eta ((1 - nu) g + nu m)       with bias correction  m / (1 - beta^t)  in the place of m
///
/// `nu = 0` is gradient descent, `nu = 1` the moving average, `nu = beta` Nesterov's momentum of the average.
enum QHM: OptimizerRule {
  static let name = "qhm"
  static let defaults: Hyperparameters = [.momentum: 0.999, .nu: 0.7, .biasCorrection: false]

  static func filter(_ parameters: Hyperparameters, after count: Int) -> GradientFilter {
    let beta = parameters[.momentum]
    return .quasiHyperbolic(
      beta: beta, nu: parameters[.nu],
      correction: parameters.flag(.biasCorrection) ? 1 - power(beta, count) : 1)
  }
}
