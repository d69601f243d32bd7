public import LinearAlgebra
public import Schema

/// Which optimizer, with its hyper-parameters; the step size is not among them.
public struct OptimizerConfiguration: Sendable, Hashable {
  /// All rules, in the order of the documentation.
  static let rules: [any OptimizerRule.Type] = [
    GradientDescent.self, HeavyBall.self, Nesterov.self, EMAHeavyBall.self, QHM.self, ScalarRMSProp.self,
    RMSProp.self, Adagrad.self, Adadelta.self, Adam.self, AdamW.self, NAdam.self, AMSGrad.self, Padam.self,
    Adafactor.self,
  ]

  /// The names of all optimizers.
  public static var names: [String] { rules.map { $0.name } }

  /// The optimizers that have a hyper-parameter, with its defaults.
  public static func defaults(
    of parameter: Hyperparameter
  ) -> [(optimizer: String, value: KeyValue)] {
    rules.compactMap { rule in rule.allDefaults[value: parameter].map { (rule.name, $0) } }
  }

  /// The keys of the section `optimizer`.
  package static let keys: [Key] = {
    let keys = [Key](section: "optimizer", about: "Update rule.", of: rules.map { ($0.name, $0.keys) })
    return keys.prefix(1) + Hyperparameter.all.flatMap { one in keys.filter { $0.path == one.key.path } }
  }()

  /// The name in job files and result files.
  public let name: String
  /// All its hyper-parameters.
  public let hyperparameters: Hyperparameters

  /// The optimizer of a name, one of `names`; hyper-parameters that are not given have their defaults.
  public init(_ name: String, _ hyperparameters: Hyperparameters = [:]) {
    let rule = Self.rule(name)
    for parameter in hyperparameters.present where rule.allDefaults[value: parameter] == nil {
      preconditionFailure("\(name) has no \(parameter.name)")
    }
    self.name = name
    self.hyperparameters = rule.allDefaults.merging(hyperparameters)
  }

  /// Reads the optimizer that the settings of a run name, with its hyper-parameters.
  package init(_ settings: Settings) {
    var hyperparameters: Hyperparameters = [:]
    for parameter in Hyperparameter.all { hyperparameters[value: parameter] = settings[parameter.key.path] }
    self.init(settings.value(Self.keys[0]), hyperparameters)
  }

  private var rule: any OptimizerRule.Type { Self.rule(name) }

  private static func rule(_ name: String) -> any OptimizerRule.Type {
    guard let rule = rules.first(where: { $0.name == name }) else {
      preconditionFailure("there is no optimizer \(name)")
    }
    return rule
  }

  /// Whether the optimizer has a preconditioner other than the identity.
  public var isAdaptive: Bool { rule.isAdaptive }

  /// The weight decay, and how it acts.
  public var decay: WeightDecay {
    WeightDecay(rate: hyperparameters[.weightDecay], isDecoupled: rule.hasDecoupledDecay)
  }

  /// Makes the optimizer with zero state.
  ///
  /// - Parameters:
  ///   - shapes: the shapes of the parameter arrays in the order of the flat vector, for rules that factor
  ///     their state per matrix. The number of weights is the sum of their sizes.
  ///   - scalar: the number format of the weights.
  /// - Returns: an optimizer that has taken no step.
  public func makeOptimizer<Scalar: RealScalar>(
    shapes: [[Int]], scalar: Scalar.Type = Scalar.self
  ) -> any Optimizer<Scalar> {
    let (rule, parameters) = (rule, hyperparameters)
    return FilteredDescent(
      filter: { rule.filter(parameters, after: $0) }, preconditioner: preconditioner(shapes),
      decay: decay, count: shapes.parameterCount)
  }

  /// How many numbers the optimizer carries for each weight; fewer than one vector where it factors its state.
  public var stateVectors: Double {
    let side = 64
    let optimizer = makeOptimizer(shapes: [[side, side]], scalar: Float.self)
    return Double(optimizer.state.reduce(0) { $0 + $1.vector.count }) / Double(side * side)
  }

  private func preconditioner<Scalar: RealScalar>(_ shapes: [[Int]]) -> (any Preconditioner<Scalar>)? {
    guard let rule = rule as? any AdaptiveRule.Type else { return nil }
    let preconditioner: any Preconditioner<Scalar> = rule.preconditioner(hyperparameters, shapes: shapes)
    guard let step = hyperparameters.optionalInteger(.freezePreconditioner) else { return preconditioner }
    return FrozenPreconditioner(preconditioner, at: step, count: shapes.parameterCount)
  }
}
