internal import LinearAlgebra

/// The composition of a gradient filter, a preconditioner and weight decay.
///
///     g = gradient + (coupled decay) w
///     w = (1 - eta (decoupled decay)) w - eta P^-1 (direct g + accumulated m)
final class FilteredDescent<Scalar: RealScalar>: Optimizer {
  let decay: WeightDecay
  var stepCount = 0
  private let filterAfter: (Int) -> GradientFilter
  private let preconditioner: (any Preconditioner<Scalar>)?
  private let momentum: Vector<Scalar>?
  /// Holds the direction where it is neither the gradient nor the momentum.
  private let mixture: Vector<Scalar>?
  /// Holds the gradient with the coupled decay, where there is one.
  private let decayed: Vector<Scalar>?

  /// Makes an optimizer of the filter after so many gradients; whether that has memory must not depend on the number.
  init(
    filter: @escaping (Int) -> GradientFilter, preconditioner: (any Preconditioner<Scalar>)?,
    decay: WeightDecay, count: Int
  ) {
    filterAfter = filter
    self.preconditioner = preconditioner
    self.decay = decay
    let first = filter(1)
    momentum = first.hasMemory ? Vector(count: count) : nil
    mixture = first.hasMemory && first.direct != 0 ? Vector(count: count) : nil
    decayed = decay.coupled != 0 ? Vector(count: count) : nil
  }

  var filter: GradientFilter { filterAfter(max(stepCount, 1)) }

  var state: [(name: String, vector: Vector<Scalar>)] {
    (momentum.map { [("momentum", $0)] } ?? []) + (preconditioner?.state ?? [])
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func absorb(_ gradient: Vector<Scalar>, at weights: Vector<Scalar>) {
    stepCount += 1
    decayed?.mix(gradient, by: 1, weights, by: decay.coupled)
    preconditioner?.absorb(decayed ?? gradient, at: weights, count: stepCount)
  }

  func preconditioner(into diagonal: Vector<Scalar>) -> Bool {
    preconditioner?.write(into: diagonal, after: stepCount)
    return preconditioner != nil
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func update(_ weights: Vector<Scalar>, gradient: Vector<Scalar>, learningRate: Double) {
    precondition(stepCount > 0, "an optimizer absorbs the gradient before it updates the weights")
    let (direction, factor) = direction(decayed ?? gradient)
    let amount = learningRate * factor
    // Not as a factor `1 - eta delta`, which single precision would round to few digits of `eta delta`.
    if decay.decoupled != 0 { weights.add(weights, scaledBy: -learningRate * decay.decoupled) }
    if let preconditioner {
      preconditioner.move(weights, along: direction, by: amount, after: stepCount)
    } else {
      weights.add(direction, scaledBy: -amount)
    }
  }

  /// Filters the newest gradient: the direction is `factor` times the vector returned.
  private func direction(_ gradient: Vector<Scalar>) -> (vector: Vector<Scalar>, factor: Double) {
    let filter = filter
    guard let momentum else { return (gradient, filter.direct) }
    momentum.mix(gradient, by: 1, momentum, by: filter.decay)
    guard let mixture else { return (momentum, filter.accumulated) }
    mixture.mix(gradient, by: filter.direct, momentum, by: filter.accumulated)
    return (mixture, 1)
  }
}
