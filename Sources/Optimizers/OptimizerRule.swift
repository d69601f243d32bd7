internal import LinearAlgebra
internal import Schema

/// What makes an optimizer this one and no other: a name, hyper-parameters, a filter and perhaps a preconditioner.
///
/// One file in Rules/ for each, and a line in `OptimizerConfiguration.rules`. `FilteredDescent` does the rest.
protocol OptimizerRule: SendableMetatype {
  /// The name in job files and result files.
  static var name: String { get }

  /// Its own hyper-parameters and their defaults.
  static var defaults: Hyperparameters { get }

  /// Whether weight decay acts on the weights directly, `w -= eta delta w`, and not through the gradient.
  static var hasDecoupledDecay: Bool { get }

  /// How past gradients enter the step after `count` gradients, `count >= 1`.
  static func filter(_ parameters: Hyperparameters, after count: Int) -> GradientFilter
}

/// A rule with a preconditioner.
protocol AdaptiveRule: OptimizerRule {
  /// A preconditioner that has seen no gradient; `shapes` are those of the parameter arrays.
  static func preconditioner<Scalar: RealScalar>(
    _ parameters: Hyperparameters, shapes: [[Int]]
  ) -> any Preconditioner<Scalar>
}

extension [[Int]] {
  /// The number of weights in parameter arrays of these shapes.
  var parameterCount: Int { reduce(0) { $0 + $1.reduce(1, *) } }
}

extension OptimizerRule {
  static var hasDecoupledDecay: Bool { false }
  static func filter(_ parameters: Hyperparameters, after count: Int) -> GradientFilter { .none }

  static var isAdaptive: Bool { self is any AdaptiveRule.Type }

  /// Its own hyper-parameters and those of every rule of its kind.
  static var allDefaults: Hyperparameters {
    let common: Hyperparameters =
      isAdaptive ? [.weightDecay: 0.0, .freezePreconditioner: "none"] : [.weightDecay: 0.0]
    return common.merging(defaults)
  }

  /// The keys of job files that it has.
  static var keys: [Key] {
    allDefaults.present.map { $0.key.with(default: allDefaults[value: $0]) }
  }
}
