/// Weight decay with rate `delta`.
///
/// *Coupled*, it is the term `delta/2 |w|^2` of the loss: `delta w` joins every gradient, also those the
/// preconditioner learns from, and `H + delta I` stands for the Hessian `H`. The threshold stays as it is.
///
/// *Decoupled* (Loshchilov & Hutter 2019, arXiv 1711.05101), it shrinks the weights, `w -= eta delta w` beside the
/// step, and lowers the threshold: see `GradientFilter.stabilityThreshold`.
public struct WeightDecay: Sendable, Hashable {
  /// What is added to gradients, as a multiple of the weights, and to the Hessian, as a multiple of the identity.
  public let coupled: Double
  /// What is subtracted from the weights in a step, as a multiple of `eta w`.
  public let decoupled: Double

  /// Makes weight decay of one of the two kinds; rate 0 is none.
  public init(rate: Double, isDecoupled: Bool) {
    precondition(rate >= 0, "a weight decay is not negative")
    (coupled, decoupled) = isDecoupled ? (0, rate) : (rate, 0)
  }
}
