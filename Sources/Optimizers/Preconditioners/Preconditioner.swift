internal import LinearAlgebra

/// A diagonal preconditioner `P` that learns from the gradients.
///
/// It moves the weights itself, so that a rule may fuse the division with the step, share one scale among
/// many weights (factored moments) or learn from the steps taken (Adadelta).
/// `count` is the number of gradients absorbed. `P^-1` is 0 where `P` is 0: where nothing was ever accumulated, 0 / 0 is
/// an update of 0. NaN stays NaN.
protocol Preconditioner<Scalar>: AnyObject {
  associatedtype Scalar: RealScalar

  /// Every vector carried from step to step, by name.
  var state: [(name: String, vector: Vector<Scalar>)] { get }

  /// Takes in the gradient at the present weights, the one of number `count`.
  func absorb(_ gradient: Vector<Scalar>, at weights: Vector<Scalar>, count: Int)

  /// Writes the diagonal of `P`.
  func write(into diagonal: Vector<Scalar>, after count: Int)

  /// Moves the weights by `-amount * P^-1 * direction`.
  func move(_ weights: Vector<Scalar>, along direction: Vector<Scalar>, by amount: Double, after count: Int)
}
