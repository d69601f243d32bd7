internal import Schema

/// Nesterov's momentum with a constant beta: Sutskever et al., "On the importance of initialization and momentum in
/// deep learning", 2013, equations (3) and (4), at the point where the gradient is taken.
///
///     m = beta m + g
///     w -= eta (g + beta m)
///
/// As PyTorch's SGD with `nesterov=True`.
enum Nesterov: OptimizerRule {
  static let name = "nesterov"
  static let defaults: Hyperparameters = [.momentum: 0.9]

  static func filter(_ parameters: Hyperparameters, after count: Int) -> GradientFilter {
    .nesterov(parameters[.momentum])
  }
}
