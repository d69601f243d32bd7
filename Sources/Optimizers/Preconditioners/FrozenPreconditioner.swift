internal import LinearAlgebra

/// A preconditioner that learns up to a step and stays as it is from then on.
///
/// What it is at that step (counted from 0) is what is applied there and ever after, bias correction included. With
/// `P` constant, `P^-1 H` reaches the threshold as the Hessian does under gradient descent ("frozen Adam", Cohen et
/// al. 2022, arXiv 2207.14484).
final class FrozenPreconditioner<Scalar: RealScalar>: Preconditioner {
  private let learning: any Preconditioner<Scalar>
  private let lastStep: Int
  private let diagonal: Vector<Scalar>

  init(_ learning: any Preconditioner<Scalar>, at step: Int, count: Int) {
    self.learning = learning
    lastStep = step
    diagonal = Vector(count: count)
  }

  /// Step `t` absorbs the gradient of number `t + 1`.
  private func isFrozen(after count: Int) -> Bool { count > lastStep }

  var state: [(name: String, vector: Vector<Scalar>)] {
    learning.state + [("frozen_preconditioner", diagonal)]
  }

  func absorb(_ gradient: Vector<Scalar>, at weights: Vector<Scalar>, count: Int) {
    guard !isFrozen(after: count - 1) else { return }
    learning.absorb(gradient, at: weights, count: count)
    if isFrozen(after: count) { learning.write(into: diagonal, after: count) }
  }

  func write(into diagonal: Vector<Scalar>, after count: Int) {
    if isFrozen(after: count) {
      diagonal.copy(from: self.diagonal)
    } else {
      learning.write(into: diagonal, after: count)
    }
  }

  func move(_ weights: Vector<Scalar>, along direction: Vector<Scalar>, by amount: Double, after count: Int) {
    if isFrozen(after: count) {
      weights.all.step(along: direction.all, by: amount, dividedBy: diagonal.all)
    } else {
      learning.move(weights, along: direction, by: amount, after: count)
    }
  }
}
