internal import LinearAlgebra

/// The composition of a gradient filter and a preconditioner: `w -= eta P^-1 (direct g + accumulated m)`.
final class FilteredDescent<Scalar: RealScalar>: Optimizer {
  let filter: GradientFilter
  var stepCount = 0
  private let preconditioner: (any Preconditioner<Scalar>)?
  private let momentum: Vector<Scalar>?
  /// Holds the direction where it is neither the gradient nor the momentum.
  private let mixture: Vector<Scalar>?

  init(filter: GradientFilter, preconditioner: (any Preconditioner<Scalar>)? = nil, count: Int) {
    self.filter = filter
    self.preconditioner = preconditioner
    momentum = filter.hasMemory ? Vector(count: count) : nil
    mixture = filter.hasMemory && filter.direct != 0 ? Vector(count: count) : nil
  }

  var state: [(name: String, vector: Vector<Scalar>)] {
    (momentum.map { [("momentum", $0)] } ?? []) + (preconditioner?.state ?? [])
  }

  func absorb(_ gradient: Vector<Scalar>) {
    stepCount += 1
    preconditioner?.absorb(gradient)
  }

  func preconditioner(into diagonal: Vector<Scalar>) -> Bool {
    preconditioner?.write(into: diagonal, after: stepCount)
    return preconditioner != nil
  }

  func update(_ weights: Vector<Scalar>, gradient: Vector<Scalar>, learningRate: Double) {
    precondition(stepCount > 0, "an optimizer absorbs the gradient before it updates the weights")
    let (direction, factor) = direction(gradient)
    let amount = learningRate * factor
    if let preconditioner {
      preconditioner.move(weights, along: direction, by: amount, after: stepCount)
    } else {
      weights.add(direction, scaledBy: -amount)
    }
  }

  /// Filters the newest gradient: the direction is `factor` times the vector returned.
  private func direction(_ gradient: Vector<Scalar>) -> (vector: Vector<Scalar>, factor: Double) {
    guard let momentum else { return (gradient, filter.direct) }
    momentum.mix(gradient, by: 1, momentum, by: filter.decay)
    guard let mixture else { return (momentum, filter.accumulated) }
    mixture.mix(gradient, by: filter.direct, momentum, by: filter.accumulated)
    return (mixture, 1)
  }
}
