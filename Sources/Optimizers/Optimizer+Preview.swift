public import LinearAlgebra

extension Optimizer {
  /// The weights after the coming step, in a new vector; weights and state stay as they are.
  public func preview(
    _ weights: Vector<Scalar>, gradient: Vector<Scalar>, learningRate: Double
  ) -> Vector<Scalar> {
    let (before, moved) = (carried.copied, Vector<Scalar>(count: weights.count))
    moved.copy(from: weights)
    update(moved, gradient: gradient, learningRate: learningRate)
    guard restore(before) else { preconditionFailure("An optimizer takes its own state back.") }
    return moved
  }
}
