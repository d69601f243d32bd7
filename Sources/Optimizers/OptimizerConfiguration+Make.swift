public import LinearAlgebra

extension OptimizerConfiguration {
  /// Makes the optimizer with zero state.
  ///
  /// - Parameters:
  ///   - shapes: the shapes of the parameter arrays in the order of the flat vector, for rules that factor
  ///     their state per matrix. The number of weights is the sum of their sizes.
  ///   - scalar: the number format of the weights.
  /// - Returns: an optimizer that has taken no step.
  public func makeOptimizer<Scalar: RealScalar>(
    shapes: [[Int]], scalar: Scalar.Type = Scalar.self
  ) -> any Optimizer<Scalar> {
    let count = shapes.reduce(0) { $0 + $1.reduce(1, *) }
    return FilteredDescent(filter: filter, preconditioner: preconditioner(count: count), count: count)
  }

  private func preconditioner<Scalar: RealScalar>(count: Int) -> (any Preconditioner<Scalar>)? {
    switch self {
    case .gradientDescent, .heavyBall, .nesterov: nil
    case .rmsprop(let beta2, let epsilon, let biasCorrection):
      SecondMoment(count: count, beta1: 0, beta2: beta2, epsilon: epsilon, biasCorrection: biasCorrection)
    case .adam(let beta1, let beta2, let epsilon, let biasCorrection):
      SecondMoment(count: count, beta1: beta1, beta2: beta2, epsilon: epsilon, biasCorrection: biasCorrection)
    }
  }
}
