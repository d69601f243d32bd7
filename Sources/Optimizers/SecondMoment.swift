internal import LinearAlgebra

/// The preconditioner of RMSProp and Adam: the root of a moving average of squared gradients.
///
///     nu = beta2 nu + (1 - beta2) g^2
///     P  = sqrt(nu) + epsilon                                     without bias correction
///     P  = (1 - beta1^t) (sqrt(nu / (1 - beta2^t)) + epsilon)     with it
///
/// The factor `1 - beta1^t` is Adam's correction of the first moment, which divides the direction just as `P`
/// does; with it in `P`, filter and `P` together are exactly the update (Kingma & Ba 2014, arXiv 1412.6980,
/// algorithm 1). Without a first moment (RMSProp) `beta1` is 0.
final class SecondMoment<Scalar: RealScalar>: Preconditioner {
  private let beta1: Double
  private let beta2: Double
  private let epsilon: Double
  private let biasCorrection: Bool
  private let moments: Vector<Scalar>

  init(count: Int, beta1: Double, beta2: Double, epsilon: Double, biasCorrection: Bool) {
    precondition(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1, "decays of moments lie in [0, 1)")
    precondition(epsilon >= 0, "the epsilon of a second moment is not negative")
    (self.beta1, self.beta2, self.epsilon) = (beta1, beta2, epsilon)
    self.biasCorrection = biasCorrection
    moments = Vector(count: count)
  }

  var state: [(name: String, vector: Vector<Scalar>)] { [("second_moment", moments)] }

  func absorb(_ gradient: Vector<Scalar>) { moments.averageSquare(of: gradient, decay: beta2) }

  func write(into diagonal: Vector<Scalar>, after count: Int) {
    diagonal.becomeScales(of: moments, scale(after: count))
  }

  func move(_ weights: Vector<Scalar>, along direction: Vector<Scalar>, by amount: Double, after count: Int) {
    weights.step(along: direction, by: amount, scaledBy: moments, scale(after: count))
  }

  private func scale(after count: Int) -> RootScale {
    guard biasCorrection else { return RootScale(correction: 1, epsilon: epsilon, factor: 1) }
    return RootScale(
      correction: 1 / (1 - power(beta2, count)), epsilon: epsilon, factor: 1 - power(beta1, count))
  }
}

/// `base^exponent`, a function of its arguments only, so that a resumed run has the same bits.
private func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, square, rest) = (1.0, base, exponent)
  while rest > 0 {
    if rest % 2 == 1 { result *= square }
    square *= square
    rest /= 2
  }
  return result
}
