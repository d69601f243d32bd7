public import LinearAlgebra

extension Optimizer {
  /// The weights after the coming step, in a new vector; weights and state stay as they are.
  public func preview(
    _ weights: Vector<Scalar>, gradient: Vector<Scalar>, learningRate: Double
  ) -> Vector<Scalar> {
    let (vectors, count, moved) = (state.map(\.vector), stepCount, Vector<Scalar>(count: weights.count))
    let saved = vectors.map { Vector<Scalar>(copying: $0) }
    moved.copy(from: weights)
    update(moved, gradient: gradient, learningRate: learningRate)
    for (vector, before) in zip(vectors, saved) { vector.copy(from: before) }
    stepCount = count
    return moved
  }
}

extension Vector {
  fileprivate convenience init(copying other: Vector) {
    self.init(count: other.count)
    copy(from: other)
  }
}
