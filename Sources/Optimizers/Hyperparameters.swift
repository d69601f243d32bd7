/// What can be set of an optimizer besides its step size.
///
/// The raw value is the name of the key in job files and of the variable in result files.
public enum Hyperparameter: String, CaseIterable, Sendable {
  /// Decay beta of the sum or average of past gradients, where that is all there is.
  case momentum
  /// Weight of the average against the newest gradient (QHM).
  case nu
  /// Decay of the average gradient.
  case beta1
  /// Decay of the average squared gradient.
  case beta2
  /// Keeps the preconditioner away from zero.
  case epsilon
  /// Whether averages are divided by `1 - beta^t`.
  case biasCorrection = "bias_correction"
  /// Exponent of the second moment (Padam).
  case exponent
  /// Whether the largest second moment so far is used.
  case runningMaximum = "running_maximum"
  /// Sum of squares before the first step (Adagrad).
  case initialAccumulator = "initial_accumulator"
  /// How fast the momentum of NAdam rises to `beta1`.
  case momentumDecay = "momentum_decay"
  /// Exponent `c` of the decay `1 - t^-c` of the second moments (Adafactor).
  case decayRate = "decay_rate"
  /// Largest root mean square of an update (Adafactor).
  case clip
  /// Whether the step size counts in units of the root mean square of the weights (Adafactor).
  case relativeStep = "relative_step"
  /// Weight decay delta.
  case weightDecay = "weight_decay"
  /// Step from which on the preconditioner stays as it is.
  case freezePreconditioner = "freeze_preconditioner"
}

/// The value of a hyper-parameter.
public enum HyperparameterValue: Sendable, Hashable {
  /// A number.
  case real(Double)
  /// Yes or no.
  case flag(Bool)
  /// A number of steps.
  case integer(Int)
  /// Not in use.
  case none
}

extension HyperparameterValue: ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByNilLiteral
{
  /// A number.
  public init(floatLiteral value: Double) { self = .real(value) }
  /// Yes or no.
  public init(booleanLiteral value: Bool) { self = .flag(value) }
  /// A number of steps.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// Not in use.
  public init(nilLiteral: ()) { self = .none }
}

/// The hyper-parameters of an optimizer with their values.
public struct Hyperparameters: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  private var values: [Hyperparameter: HyperparameterValue]

  /// The hyper-parameters named, each once.
  public init(dictionaryLiteral elements: (Hyperparameter, HyperparameterValue)...) {
    values = Dictionary(uniqueKeysWithValues: elements)
  }

  /// The value of a hyper-parameter; nil where the optimizer does not have it.
  public subscript(value parameter: Hyperparameter) -> HyperparameterValue? {
    get { values[parameter] }
    set { values[parameter] = newValue }
  }

  /// Those that are there, in the order of `Hyperparameter`.
  public var present: [Hyperparameter] { Hyperparameter.allCases.filter { values[$0] != nil } }

  /// These, and where both have a value, that of `others`.
  func merging(_ others: Hyperparameters) -> Hyperparameters {
    var result = self
    result.values.merge(others.values) { $1 }
    return result
  }

  // MARK: - Values of a known kind

  subscript(_ parameter: Hyperparameter) -> Double {
    guard case .real(let value) = values[parameter] else { wrongKind(parameter) }
    return value
  }

  func flag(_ parameter: Hyperparameter) -> Bool {
    guard case .flag(let value) = values[parameter] else { wrongKind(parameter) }
    return value
  }

  func optional(_ parameter: Hyperparameter) -> Double? {
    if case .real(let value) = values[parameter] { value } else { nil }
  }

  func optionalInteger(_ parameter: Hyperparameter) -> Int? {
    if case .integer(let value) = values[parameter] { value } else { nil }
  }

  private func wrongKind(_ parameter: Hyperparameter) -> Never {
    preconditionFailure("\(parameter.rawValue) has another kind of value, or none")
  }
}
