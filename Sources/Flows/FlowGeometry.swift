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

  /// Why an optimizer has no flow.
  public struct Obstacle: Error {
    /// The end of a sentence.
    public let reason: String
  }

  /// That of an optimizer.
  ///
  /// - Throws: the reason where it has no flow.
  public static func of(_ optimizer: OptimizerConfiguration) throws(Obstacle) -> FlowGeometry {
    let geometry =
      switch optimizer.name {
      case "gd": gradientDescent
      case "scalar-rmsprop": try ofAverage(optimizer, scalarRMSProp)
      case "rmsprop": try ofAverage(optimizer, rmsProp)
      default: throw Obstacle(reason: "\(optimizer.name) has no flow, only gd, scalar-rmsprop, rmsprop have")
      }
    guard optimizer.decay == WeightDecay(rate: 0, isDecoupled: optimizer.decay.decoupled > 0) else {
      throw Obstacle(reason: "flows are without weight decay")
    }
    return geometry
  }

  private static func ofAverage(
    _ optimizer: OptimizerConfiguration, _ make: (Double, Double, Bool) -> FlowGeometry
  ) throws(Obstacle) -> FlowGeometry {
    let parameters = optimizer.hyperparameters
    if parameters.optionalInteger(.freezePreconditioner) != nil {
      throw Obstacle(reason: "flows do not freeze the preconditioner")
    }
    guard parameters[.beta2] > 0 else { throw Obstacle(reason: "flows need beta2 above 0") }
    return make(parameters[.beta2], parameters[.epsilon], parameters.flag(.biasCorrection))
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
