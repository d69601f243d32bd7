public import LinearAlgebra

/// An update rule on the flat vector of weights, `w -= eta P^-1 u`.
///
/// Every optimizer here is a composition: a `GradientFilter` turns the history of gradients into a direction
/// `u`, and a diagonal preconditioner `P` scales it. The filter decides the threshold on the eigenvalues of
/// `P^-1 H`; the step size `eta` is part of neither.
///
/// One step at `w_t` with gradient `g_t` is `absorb(g_t)`, then `update(w, gradient: g_t, ...)`. In between,
/// `preconditioner(into:)` gives the very `P` that the update will apply at `w_t`, as Cohen et al. 2024
/// (arXiv 2410.24206) measure it.
public protocol Optimizer<Scalar>: AnyObject {
  /// The number format of weights and state.
  associatedtype Scalar: RealScalar

  /// How past gradients enter the direction; gives the stability threshold.
  var filter: GradientFilter { get }

  /// The number of gradients taken in so far, `t`. Part of the state.
  var stepCount: Int { get set }

  /// Every vector carried from step to step, by name.
  ///
  /// Copied out and, with `stepCount`, back in, they take up a run where it was.
  var state: [(name: String, vector: Vector<Scalar>)] { get }

  /// Takes the gradient at the present weights into the second moments. Called once before each update.
  func absorb(_ gradient: Vector<Scalar>)

  /// Writes the diagonal of `P` at the present weights, of the length of the weights.
  ///
  /// - Returns: whether `P` differs from the identity; where it does not, nothing is written.
  func preconditioner(into diagonal: Vector<Scalar>) -> Bool

  /// Moves the weights by one step; `gradient` is the one just absorbed.
  func update(_ weights: Vector<Scalar>, gradient: Vector<Scalar>, learningRate: Double)
}
