package import LinearAlgebra
package import Probes
package import Schema

/// What moves the weights of a run from one recorded step to the next.
///
/// At every step it observes the gradient at the weights; then its stability can be measured against, and then it
/// advances. An optimizer's steps are one case, flows are others. The trainer keeps the loop, the record and the stop
/// rules, and is compiled for each dynamics by itself.
package protocol Dynamics<Scalar>: AnyObject, Carrying {
  /// The step size that the schedule scales, in absolute numbers; NaN until a critical one has been measured.
  var learningRate: Double { get }

  /// Takes in the gradient of the loss of the step's batch at the present weights.
  func observe(_ gradient: Vector<Scalar>, at weights: Vector<Scalar>, before step: Int)

  /// Fixes the step size of a job that counts in critical ones, by the sharpness at the first weights.
  ///
  /// - Throws: a `RunError` where the step sizes that follow cannot be taken.
  func setCriticalRate(sharpness: Double) throws(RunError)

  /// The step size of a step.
  func stepSize(at step: Int) -> Double

  /// What a measurement at the present weights is held against, once the gradient has been observed.
  func stability(at step: Int) -> Stability<Scalar>

  /// What moving over a step asks of the loss.
  func demand(over step: Int) -> StepDemand

  /// Moves the weights over a step; the gradient is the one just observed.
  ///
  /// - Throws: what the objective throws, for example when the group leaves the run. Then the weights are as before, and
  ///   the dynamics is to be restored to what it carried before.
  func advance(_ weights: Vector<Scalar>, from start: StepStart<Scalar>) throws -> Motion

  /// Takes back what was carried between two steps.
  func restore(_ state: CarriedState<Scalar>) -> Bool

  /// Takes what fits of the state of another run, from which this one branches off.
  ///
  /// - Returns: whether more than the weights goes on.
  func branch(from state: CarriedState<Scalar>) -> Bool
}

/// What moving over a step asks of the loss.
package enum StepDemand {
  /// Nothing beyond the gradient: it cannot fail.
  case nothing
  /// Losses and derivatives elsewhere.
  case losses
  /// The Hessian at the weights too, which is cheap to have together with the gradient.
  case hessian
}

/// What is known at the weights where a step starts.
package struct StepStart<Scalar: RealScalar> {
  /// The step.
  package let step: Int
  /// The gradient of its batch.
  package let gradient: Vector<Scalar>
  /// The loss of its batch.
  package let loss: Double
}

/// What a dynamics made of a step.
package struct Motion {
  /// What it says of the step, by variables that are recorded per step.
  package var values: [Variable: [Double]] = [:]
  /// Why it cannot go on, so that the weights are where they were; nil where they have moved.
  package var halt: Halt?

  /// The step is made.
  package init(_ values: [Variable: [Double]] = [:]) { self.values = values }
  /// There is no step.
  package init(halt: Halt) { self.halt = halt }
}

/// Why a dynamics can make no further step.
package struct Halt: Sendable, Equatable {
  /// In a word.
  package let reason: String
  /// Where and why, without a full stop.
  package let detail: String

  /// Names both.
  package init(_ reason: String, _ detail: String) { (self.reason, self.detail) = (reason, detail) }
}
