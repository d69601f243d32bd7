public import Schema

/// What can be set of an optimizer besides its step size: a key of job files and a variable of result files.
///
/// The rules say which have it, with which defaults. A new one is a property here, or beside the one rule that has it,
/// and a place in `all`.
public struct Hyperparameter: Sendable, Hashable, CustomStringConvertible {
  /// The name of the key in the section `optimizer`, and of the variable.
  public let name: String
  /// The key, with its range and meaning; defaults are those of the rules.
  package let key: Key
  /// The variable in which its value is recorded.
  public let variable: Variable

  /// A hyper-parameter, what its key may hold and means, and what its variable is.
  init(_ name: String, _ kind: KeyKind, about: String, recorded longName: String, optional: Bool = false) {
    self.name = name
    key = Key("optimizer.\(name)", kind, about: about)
    let recorded: Variable.Kind =
      switch kind {
      case .flag: .word(["no", "yes"])
      case .integer: .integer
      default: .real
      }
    variable = Variable(name, recorded, longName, optional: optional)
  }

  /// The name.
  public var description: String { name }

  /// Whether both have one name.
  public static func == (first: Hyperparameter, second: Hyperparameter) -> Bool { first.name == second.name }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension Hyperparameter {
  /// All, in the order of job documentation and result files.
  public static let all: [Hyperparameter] = [
    momentum, nu, beta1, beta2, epsilon, biasCorrection, exponent, runningMaximum, initialAccumulator,
    momentumDecay, decayRate, clip, relativeStep, weightDecay, freezePreconditioner,
  ]

  /// Decay beta of the sum or average of past gradients, where that is all there is.
  public static let momentum = Hyperparameter(
    "momentum", .real(.decay),
    about: "Decay beta of the sum or average of past gradients.",
    recorded: "decay beta of the sum or average of gradients")
  /// Weight of the average against the newest gradient (QHM).
  public static let nu = Hyperparameter(
    "nu", .real(.unit),
    about: "Weight of the average; the newest gradient has 1 - nu.",
    recorded: "weight of the average in quasi-hyperbolic momentum", optional: true)
  /// Decay of the average gradient.
  public static let beta1 = Hyperparameter(
    "beta1", .real(.decay),
    about: "Decay of the average gradient.",
    recorded: "decay of the first moment")
  /// Decay of the average squared gradient.
  public static let beta2 = Hyperparameter(
    "beta2", .real(.decay),
    about: "Decay of the average squared gradient.",
    recorded: "decay of the second moment")
  /// Keeps the preconditioner away from zero.
  public static let epsilon = Hyperparameter(
    "epsilon", .real(.nonNegative),
    about:
      "Added to the root of the average squared gradient; for adadelta under the roots, for adafactor to the squares.",
    recorded: "term that keeps the preconditioner away from zero")
  /// Whether averages are divided by `1 - beta^t`.
  public static let biasCorrection = Hyperparameter(
    "bias_correction", .flag,
    about: "Divides each average by 1 - beta^t.",
    recorded: "whether moments are bias-corrected")
  /// Exponent of the second moment (Padam).
  public static let exponent = Hyperparameter(
    "exponent", .real(.fraction),
    about: "Exponent of the average squared gradient in the place of the root.",
    recorded: "exponent of the second moment of Padam", optional: true)
  /// Whether the largest second moment so far is used.
  public static let runningMaximum = Hyperparameter(
    "running_maximum", .flag,
    about: "Takes the largest average squared gradient so far, as amsgrad does.",
    recorded: "whether Padam takes the largest second moment so far", optional: true)
  /// Sum of squares before the first step (Adagrad).
  public static let initialAccumulator = Hyperparameter(
    "initial_accumulator", .real(.nonNegative),
    about: "Sum of squared gradients before the first step.",
    recorded: "sum of squares of Adagrad before the first step", optional: true)
  /// How fast the momentum of NAdam rises to `beta1`.
  public static let momentumDecay = Hyperparameter(
    "momentum_decay", .real(.nonNegative),
    about: "Psi of the schedule mu_t = beta1 (1 - 0.96^(psi t) / 2), in PyTorch 0.004; 0: mu_t is beta1.",
    recorded: "psi of the momentum schedule of NAdam; 0: constant momentum", optional: true)
  /// Exponent `c` of the decay `1 - t^-c` of the second moments (Adafactor).
  public static let decayRate = Hyperparameter(
    "decay_rate", .real(.positive, or: ["none"]),
    about: "Exponent c of the decay 1 - t^-c, which then stands for beta2; in the paper 0.8.",
    recorded: "exponent c of Adafactor's decay 1 - t^-c; missing: constant beta2", optional: true)
  /// Largest root mean square of an update (Adafactor).
  public static let clip = Hyperparameter(
    "clip", .real(.positive, or: ["none"]),
    about: "Root mean square of an update at which it is clipped, array by array; in the paper 1.",
    recorded: "root mean square at which Adafactor clips updates; missing: none", optional: true)
  /// Whether the step size counts in units of the root mean square of the weights (Adafactor).
  public static let relativeStep = Hyperparameter(
    "relative_step", .flag,
    about: "Step sizes in units of the root mean square of each parameter array, at least 0.001.",
    recorded: "whether Adafactor scales steps with the weights", optional: true)
  /// Weight decay delta.
  public static let weightDecay = Hyperparameter(
    "weight_decay", .real(.nonNegative),
    about:
      "Rate delta. Adds delta w to the gradient, so delta I to the Hessian; for adamw subtracts eta delta w instead.",
    recorded: "rate of weight decay, decoupled for adamw, else coupled")
  /// Step from which on the preconditioner stays as it is.
  public static let freezePreconditioner = Hyperparameter(
    "freeze_preconditioner", .integer(0...Int.max, or: ["none"]),
    about: "Step from which on the preconditioner stays as it is there.",
    recorded: "step from which on the preconditioner is constant", optional: true)
}

/// The hyper-parameters of an optimizer with their values.
public struct Hyperparameters: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  private var values: [Hyperparameter: KeyValue]

  /// The hyper-parameters named, each once.
  public init(dictionaryLiteral elements: (Hyperparameter, KeyValue)...) {
    values = Dictionary(uniqueKeysWithValues: elements)
    precondition(values.keys.allSatisfy(Hyperparameter.all.contains), "All hyper-parameters stand in `all`.")
  }

  /// The value of a hyper-parameter; nil where the optimizer does not have it.
  public subscript(value parameter: Hyperparameter) -> KeyValue? {
    get { values[parameter] }
    set { values[parameter] = newValue }
  }

  /// Those that are there, in the order of `Hyperparameter.all`.
  public var present: [Hyperparameter] { Hyperparameter.all.filter { values[$0] != nil } }

  /// These, and where both have a value, that of `others`.
  func merging(_ others: Hyperparameters) -> Hyperparameters {
    var result = self
    result.values.merge(others.values) { $1 }
    return result
  }

  // MARK: - Values of a known kind

  package subscript(_ parameter: Hyperparameter) -> Double {
    guard case .real(let value) = values[parameter] else { wrongKind(parameter) }
    return value
  }

  package func flag(_ parameter: Hyperparameter) -> Bool {
    guard case .flag(let value) = values[parameter] else { wrongKind(parameter) }
    return value
  }

  func optional(_ parameter: Hyperparameter) -> Double? {
    if case .real(let value) = values[parameter] { value } else { nil }
  }

  package func optionalInteger(_ parameter: Hyperparameter) -> Int? {
    if case .integer(let value) = values[parameter] { value } else { nil }
  }

  private func wrongKind(_ parameter: Hyperparameter) -> Never {
    preconditionFailure("\(parameter.name) has another kind of value, or none")
  }
}
