/// Which optimizer, with its hyper-parameters; the step size is not among them.
///
/// The names of the job file are `gd`, `heavy-ball`, `nesterov`, `rmsprop` and `adam` (see `name`).
public enum OptimizerConfiguration: Sendable, Hashable {
  /// Gradient descent, `w -= eta g`.
  case gradientDescent
  /// Polyak's heavy ball, `m = beta m + g`, `w -= eta m`, with `momentum` beta in `[0, 1)`.
  case heavyBall(momentum: Double = 0.9)
  /// Nesterov's momentum, `m = beta m + g`, `w -= eta (g + beta m)`, with `momentum` beta in `[0, 1)`.
  case nesterov(momentum: Double = 0.9)
  /// RMSProp, `nu = beta2 nu + (1 - beta2) g^2`, `w -= eta g / (sqrt(nu) + epsilon)`; with bias correction
  /// `nu / (1 - beta2^t)` stands for `nu`. `beta2` in `[0, 1)`, `epsilon >= 0`.
  case rmsprop(beta2: Double = 0.99, epsilon: Double = 1e-7, biasCorrection: Bool = true)
  /// Adam (Kingma & Ba 2014, arXiv 1412.6980, algorithm 1), with or without the correction of both moments.
  /// `beta1` and `beta2` in `[0, 1)`, `epsilon >= 0`, outside the root.
  case adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7, biasCorrection: Bool = true)

  /// The name in job files and result files.
  public var name: String {
    switch self {
    case .gradientDescent: "gd"
    case .heavyBall: "heavy-ball"
    case .nesterov: "nesterov"
    case .rmsprop: "rmsprop"
    case .adam: "adam"
    }
  }

  /// How past gradients enter the step; gives the stability threshold.
  public var filter: GradientFilter {
    switch self {
    case .gradientDescent, .rmsprop: .none
    case .heavyBall(let momentum): .heavyBall(momentum)
    case .nesterov(let momentum): .nesterov(momentum)
    case .adam(let beta1, _, _, _): .average(beta1)
    }
  }
}
