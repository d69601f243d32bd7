package import LinearAlgebra
package import Probes

/// What moves the weights of a run from one recorded step to the next.
///
/// At every step it observes the gradient at the weights; then its stability can be measured against, and then it
/// advances. An optimizer's steps are one case, flows are others. The trainer keeps the loop, the record and the stop
/// rules, and is compiled for each dynamics by itself.
package protocol Dynamics<Scalar>: AnyObject, Carrying {
  /// The step size that the schedule scales, in absolute numbers; NaN until a critical one has been measured.
  var learningRate: Double { get }

  /// Takes in the gradient of the loss of the step's batch at the present weights.
  func observe(_ gradient: Vector<Scalar>, at weights: Vector<Scalar>)

  /// Fixes the step size of a job that counts in critical ones, by the sharpness at the first weights.
  ///
  /// - Throws: a `RunError` where the step sizes that follow cannot be taken.
  func setCriticalRate(sharpness: Double) throws(RunError)

  /// The step size of a step.
  func stepSize(at step: Int) -> Double

  /// What a measurement at the present weights is held against, once the gradient has been observed.
  func stability(at step: Int) -> Stability<Scalar>

  /// Moves the weights over a step; the gradient is the one just observed.
  func advance(_ weights: Vector<Scalar>, gradient: Vector<Scalar>, over step: Int)

  /// Takes back what was carried between two steps.
  func restore(_ state: CarriedState<Scalar>) -> Bool

  /// Takes what fits of the state of another run, from which this one branches off.
  ///
  /// - Returns: whether more than the weights goes on.
  func branch(from state: CarriedState<Scalar>) -> Bool
}
