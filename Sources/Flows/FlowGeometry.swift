internal import LinearAlgebra
public import Optimizers

/// What a flow has to know of its optimizer.
///
/// Its step is `w' = w - P^-1 g` with the diagonal
///
///     P = (sqrt(nu / c) + epsilon) / eta,     c = 1 - beta2^t with bias correction, else 1
///
/// where `nu` averages squares of gradients. Gradient descent, without moments, has `P = 1 / eta`.
///
/// The average holds the present gradient, so it changes by `kappa (s(g) - nu)` in a step, `kappa = (1 - beta2) / beta2`:
/// with `nu' = beta2 nu + (1 - beta2) s(g')`, `nu' - nu = kappa (s(g') - nu')`.
public struct FlowGeometry: Sendable, Hashable {
  /// How squares of the weights' gradients make moments.
  public enum Pooling: Sendable, Hashable {
    /// There are none.
    case none
    /// All are added to one number.
    case sum
    /// Each weight has its own.
    case each

    /// How many moments so many weights have.
    public func count(_ weights: Int) -> Int {
      switch self {
      case .none: 0
      case .sum: 1
      case .each: weights
      }
    }
  }

  /// How squares make moments.
  public let pooling: Pooling
  /// The decay of the average.
  public let beta2: Double
  /// What is added to the root.
  public let epsilon: Double
  /// Whether moments are divided by `1 - beta2^t`.
  public let biasCorrection: Bool
  /// The name of the vector in which the optimizer carries its moments.
  let momentName: String?

  private init(
    _ pooling: Pooling, _ momentName: String?, beta2: Double = 0, epsilon: Double = 0,
    biasCorrection: Bool = false
  ) {
    precondition(pooling == .none || (beta2 > 0 && beta2 < 1), "an average needs a decay between 0 and 1")
    (self.pooling, self.momentName) = (pooling, momentName)
    (self.beta2, self.epsilon, self.biasCorrection) = (beta2, epsilon, biasCorrection)
  }

  /// That of gradient descent.
  public static let gradientDescent = FlowGeometry(.none, nil)

  /// That of RMSProp with one scale for all weights.
  public static func scalarRMSProp(
    beta2: Double, epsilon: Double = 0, biasCorrection: Bool = false
  ) -> FlowGeometry {
    FlowGeometry(.sum, "squared_norm", beta2: beta2, epsilon: epsilon, biasCorrection: biasCorrection)
  }

  /// That of RMSProp.
  public static func rmsProp(
    beta2: Double, epsilon: Double = 0, biasCorrection: Bool = false
  ) -> FlowGeometry {
    FlowGeometry(.each, "second_moment", beta2: beta2, epsilon: epsilon, biasCorrection: biasCorrection)
  }

  /// That of an optimizer; nil where it has none, as `obstacle` says.
  public init?(_ optimizer: OptimizerConfiguration) {
    guard Self.obstacle(to: optimizer) == nil else { return nil }
    let parameters = optimizer.hyperparameters
    switch optimizer.name {
    case "scalar-rmsprop":
      self = .scalarRMSProp(
        beta2: parameters[.beta2], epsilon: parameters[.epsilon],
        biasCorrection: parameters.flag(.biasCorrection))
    case "rmsprop":
      self = .rmsProp(
        beta2: parameters[.beta2], epsilon: parameters[.epsilon],
        biasCorrection: parameters.flag(.biasCorrection))
    default: self = .gradientDescent
    }
  }

  /// The names of the optimizers that have flows.
  public static let optimizers = ["gd", "scalar-rmsprop", "rmsprop"]

  /// Why an optimizer has no flow, as the end of a sentence; nil where it has one.
  public static func obstacle(to optimizer: OptimizerConfiguration) -> String? {
    let parameters = optimizer.hyperparameters
    guard optimizers.contains(optimizer.name) else {
      return "\(optimizer.name) has no flow, only \(optimizers.joined(separator: ", ")) have"
    }
    if optimizer.decay != WeightDecay(rate: 0, isDecoupled: optimizer.decay.decoupled > 0) {
      return "flows are without weight decay"
    }
    guard optimizer.isAdaptive else { return nil }
    if parameters.optionalInteger(.freezePreconditioner) != nil {
      return "flows do not freeze the preconditioner"
    }
    return parameters[.beta2] > 0 ? nil : "flows need beta2 above 0"
  }

  /// The rate `kappa` at which moments approach the squares.
  public var rate: Double { pooling == .none ? 0 : (1 - beta2) / beta2 }

  /// `c`, and its derivative by time over itself, after so many gradients.
  func correction(after updates: Double) -> (value: Double, logarithmicSlope: Double) {
    guard biasCorrection else { return (1, 0) }
    let rest = ElementaryFunctions.power(beta2, updates)
    return (1 - rest, -rest * ElementaryFunctions.log(beta2) / (1 - rest))
  }
}
