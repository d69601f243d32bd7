internal import LinearAlgebra

/// The preconditioner of RMSProp, Adagrad and the Adams: a power, mostly the root, of accumulated squares.
///
///     nu = decay nu + weight g^2
///     P  = nu^p + epsilon                                     without bias correction
///     P  = (1 - beta1^t) ((nu / (1 - decay^t))^p + epsilon)   with it
///
/// The factor `1 - beta1^t` is Adam's correction of the first moment, which divides the direction just as `P`
/// does; with it in `P`, filter and `P` together are exactly the update (Kingma & Ba 2014, arXiv 1412.6980,
/// algorithm 1). Without a first moment (RMSProp) `beta1` is 0. Where a running maximum is kept, it stands for `nu`
/// in `P`.
final class SecondMoment<Scalar: RealScalar>: Preconditioner {
  /// How squares are accumulated.
  struct Accumulation {
    var decay: Double
    var weight: Double
    var start = 0.0
    var keepsMaximum = false

    /// A moving average.
    static func average(_ beta2: Double, keepsMaximum: Bool = false) -> Accumulation {
      Accumulation(decay: beta2, weight: 1 - beta2, keepsMaximum: keepsMaximum)
    }
  }

  private let accumulation: Accumulation
  private let exponent: Double
  private let epsilon: Double
  /// The decay of the first moment if both moments are corrected, else nil.
  private let correctedBeta1: Double?
  private let moments: Vector<Scalar>
  private let maximum: Vector<Scalar>?
  /// Holds `P` during a step, where the root is not fused with it.
  private let scales: Vector<Scalar>?

  init(
    count: Int, _ accumulation: Accumulation, exponent: Double = 0.5, epsilon: Double,
    correctedBeta1: Double? = nil
  ) {
    self.accumulation = accumulation
    (self.exponent, self.epsilon, self.correctedBeta1) = (exponent, epsilon, correctedBeta1)
    moments = Vector(count: count)
    moments.fill(Scalar(accumulation.start))
    maximum = accumulation.keepsMaximum ? Vector(count: count) : nil
    scales = exponent == 0.5 ? nil : Vector(count: count)
  }

  /// The preconditioner of an Adam with hyper-parameters beta1, beta2, epsilon and bias_correction.
  convenience init(
    adam parameters: Hyperparameters, shapes: [[Int]], keepsMaximum: Bool = false, exponent: Double = 0.5
  ) {
    self.init(
      count: shapes.parameterCount,
      .average(parameters[.beta2], keepsMaximum: keepsMaximum), exponent: exponent,
      epsilon: parameters[.epsilon],
      correctedBeta1: parameters.flag(.biasCorrection) ? parameters[.beta1] : nil)
  }

  var state: [(name: String, vector: Vector<Scalar>)] {
    [("second_moment", moments)] + (maximum.map { [("largest_second_moment", $0)] } ?? [])
  }

  func absorb(_ gradient: Vector<Scalar>, at weights: Vector<Scalar>, count: Int) {
    moments.accumulateSquare(of: gradient, decay: accumulation.decay, weight: accumulation.weight)
    maximum?.all.becomeMaximum(with: moments.all)
  }

  func write(into diagonal: Vector<Scalar>, after count: Int) {
    let moments = maximum ?? moments
    if exponent == 0.5 {
      diagonal.becomeScales(of: moments, scale(after: count))
    } else {
      diagonal.all.becomePowers(of: moments.all, exponent: exponent, scale(after: count))
    }
  }

  func move(_ weights: Vector<Scalar>, along direction: Vector<Scalar>, by amount: Double, after count: Int) {
    if let scales {
      write(into: scales, after: count)
      weights.all.step(along: direction.all, by: amount, dividedBy: scales.all)
    } else {
      weights.step(along: direction, by: amount, scaledBy: maximum ?? moments, scale(after: count))
    }
  }

  private func scale(after count: Int) -> RootScale {
    guard let beta1 = correctedBeta1 else { return RootScale(correction: 1, epsilon: epsilon, factor: 1) }
    return RootScale(
      correction: 1 / (1 - power(accumulation.decay, count)), epsilon: epsilon,
      factor: 1 - power(beta1, count)
    )
  }
}
