internal import Schema

/// Polyak's heavy ball: Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
///
///     m = beta m + g
///     w -= eta m
///
/// As PyTorch's SGD with momentum and without dampening.
enum HeavyBall: OptimizerRule {
  static let name = "heavy-ball"
  static let defaults: Hyperparameters = [.momentum: 0.9]

  static func filter(_ parameters: Hyperparameters, after count: Int) -> GradientFilter {
    .heavyBall(parameters[.momentum])
  }
}
