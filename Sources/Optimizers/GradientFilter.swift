/// How an optimizer mixes past gradients into its step: a linear filter with one pole.
///
/// A decaying sum `m` of the gradients is kept, and the direction `u` mixes it with the newest gradient:
///
///     m_t = decay * m_{t-1} + g_t
///     u_t = direct * g_t + accumulated * m_t
///
/// so that the transfer function of the filter is `Q(z) = direct + accumulated / (1 - decay / z)`.
/// Every first moment of common optimizers has this form:
///
/// | first moment                     | direct      | accumulated        | decay |
/// |----------------------------------|-------------|--------------------|-------|
/// | none (GD, RMSProp)               | 1           | 0                  | 0     |
/// | heavy ball                       | 0           | 1                  | beta  |
/// | Nesterov                         | 1           | beta               | beta  |
/// | moving average (Adam)            | 0           | 1 - beta           | beta  |
/// | Nesterov moving average (NAdam)  | 1 - beta    | beta * (1 - beta)  | beta  |
/// | quasi-hyperbolic (QHM)           | 1 - nu      | nu * (1 - beta)    | beta  |
///
/// Reference: Cohen et al., "Adaptive gradient methods at the edge of stability", 2022, arXiv 2207.14484.
public struct GradientFilter: Sendable, Hashable {
  /// Weight of the newest gradient itself.
  public let direct: Double
  /// Weight of the decaying sum of gradients.
  public let accumulated: Double
  /// Decay of the sum per step, in `[0, 1)`.
  public let decay: Double

  /// Makes the filter `direct + accumulated / (1 - decay / z)`.
  ///
  /// - Precondition: `0 <= decay < 1`.
  public init(direct: Double, accumulated: Double, decay: Double) {
    precondition(decay >= 0 && decay < 1, "the decay of a gradient filter lies in [0, 1)")
    self.direct = direct
    self.accumulated = accumulated
    self.decay = decay
  }

  /// No memory: the direction is the gradient.
  public static let none = GradientFilter(direct: 1, accumulated: 0, decay: 0)

  /// Polyak's heavy ball, `m = beta m + g`.
  public static func heavyBall(_ beta: Double) -> GradientFilter {
    GradientFilter(direct: 0, accumulated: 1, decay: beta)
  }

  /// Nesterov's momentum, `u = g + beta m`.
  public static func nesterov(_ beta: Double) -> GradientFilter {
    GradientFilter(direct: 1, accumulated: beta, decay: beta)
  }

  /// Exponential moving average, `m = beta m + (1 - beta) g`, divided by `correction`.
  public static func average(_ beta: Double, correction: Double = 1) -> GradientFilter {
    GradientFilter(direct: 0, accumulated: (1 - beta) / correction, decay: beta)
  }

  /// Quasi-hyperbolic momentum, `u = (1 - nu) g + nu m` with a moving average `m`, divided by `correction`.
  ///
  /// Reference: Ma & Yarats, "Quasi-hyperbolic momentum and Adam for deep learning", 2018, arXiv 1810.06801.
  public static func quasiHyperbolic(beta: Double, nu: Double, correction: Double = 1) -> GradientFilter {
    GradientFilter(direct: 1 - nu, accumulated: nu * (1 - beta) / correction, decay: beta)
  }

  /// Whether past gradients enter the direction at all.
  public var hasMemory: Bool { accumulated != 0 }

  /// The transfer function `Q(z)` at a real `z` other than 0 and `decay`.
  public func response(at z: Double) -> Double {
    direct + accumulated / (1 - decay / z)
  }

  /// The (preconditioned) curvature above which the optimizer is unstable on a quadratic.
  ///
  /// Along an eigenvector with eigenvalue `lambda` the iteration is `w_{t+1} = (1 - eta delta) w_t - eta u_t`, with
  /// `delta` the decoupled weight decay (0 for most), and its characteristic equation
  ///
  ///     z - 1 + eta delta + eta lambda Q(z) = 0
  ///
  /// is a quadratic. The product of its roots, `decay (1 - eta delta - eta lambda direct)`, lies within (-1, 1) up to
  /// the threshold, and where `accumulated >= 0` it is positive at `z = 1`. So by Jury's conditions the first root
  /// to leave the unit disc, as `lambda` grows, does so at `z = -1`: `eta (delta + lambda Q(-1)) = 2`.
  ///
  /// - Parameters:
  ///   - learningRate: the step size `eta`, which is not part of the preconditioner here.
  ///   - decoupledDecay: the decay `delta` that acts on the weights beside the step.
  /// - Returns: the largest stable eigenvalue `(2 / eta - delta) / Q(-1)`.
  public func stabilityThreshold(learningRate: Double, decoupledDecay: Double = 0) -> Double {
    (2 / learningRate - decoupledDecay) / response(at: -1)
  }

  /// The step size at which an eigenvalue `curvature > 0` is the threshold: `2 / (delta + lambda Q(-1))`.
  public func criticalLearningRate(curvature: Double, decoupledDecay: Double = 0) -> Double {
    2 / (decoupledDecay + curvature * response(at: -1))
  }
}
