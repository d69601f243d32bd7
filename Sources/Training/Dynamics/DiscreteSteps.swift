package import Jobs
package import LinearAlgebra
import Optimizers
package import Probes

/// The steps of an optimizer, with the step sizes of a schedule.
package final class DiscreteSteps<Scalar: RealScalar>: Dynamics {
  private let run: RunConfiguration
  private let optimizer: any Optimizer<Scalar>
  package private(set) var learningRate: Double

  /// Creates the steps of a run that begins; `shapes` are those of its parameter arrays.
  package init(_ run: RunConfiguration, shapes: [[Int]]) {
    self.run = run
    optimizer = run.optimizer.makeOptimizer(shapes: shapes)
    learningRate = run.learningRateUnit == .absolute ? run.learningRate : .nan
  }

  package func observe(_ gradient: Vector<Scalar>, at weights: Vector<Scalar>, before step: Int) {
    optimizer.absorb(gradient, at: weights)
  }

  package func setCriticalRate(sharpness: Double) throws(RunError) {
    let rate = run.learningRate * optimizer.criticalLearningRate(curvature: sharpness)
    let factors = run.schedule.extremes(steps: run.stop.steps)
    for size in [rate * factors.smallest, rate * factors.largest] where !Scalar.holds(size) {
      throw RunError("learning_rate: counted in critical step sizes it is \(size), but \(Scalar.rangeText)")
    }
    learningRate = rate
  }

  package func stepSize(at step: Int) -> Double { learningRate * run.schedule.factor(at: step) }

  package func stability(at step: Int) -> Stability<Scalar> {
    Stability(optimizer, learningRate: stepSize(at: step))
  }

  package func demand(over step: Int) -> StepDemand { .nothing }

  package func advance(_ weights: Vector<Scalar>, from start: StepStart<Scalar>) -> Motion {
    optimizer.update(weights, gradient: start.gradient, learningRate: stepSize(at: start.step))
    return Motion()
  }

  // MARK: - State

  package var carried: CarriedState<Scalar> {
    var state = CarriedState<Scalar>()
    state.numbers["learning_rate"] = learningRate
    state.add(optimizer.carried, under: Self.optimizerPart(run.optimizer))
    return state
  }

  package func restore(_ state: CarriedState<Scalar>) -> Bool {
    guard let rate = state.numbers["learning_rate"], branch(from: state) else { return false }
    learningRate = rate
    return true
  }

  /// The state of an optimizer goes on in one of the same name, whatever its constants.
  package func branch(from state: CarriedState<Scalar>) -> Bool {
    optimizer.restore(state.part(Self.optimizerPart(run.optimizer)))
  }

  /// What the optimizer carries.
  var optimizerState: CarriedState<Scalar> { optimizer.carried }

  private static func optimizerPart(_ optimizer: OptimizerConfiguration) -> String {
    "optimizer-\(optimizer.name)"
  }
}
