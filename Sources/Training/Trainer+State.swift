package import LinearAlgebra
import Probes

// Between two steps, a run is this and its recording.

extension Trainer: Carrying {
  package var carried: CarriedState<Scalar> {
    var state = CarriedState<Scalar>()
    state.numbers = ["step": Double(step), "first_loss": firstLoss]
    state.vectors["weights"] = weights
    state.add(dynamics.carried, under: "dynamics")
    state.add(probe.carried, under: "probe")
    state.add(midpoint.carried, under: "midpoint")
    return state
  }

  package func restore(_ state: CarriedState<Scalar>) -> Bool {
    guard let step = state.count("step"), let firstLoss = state.numbers["first_loss"],
      let weights = state.vectors["weights"], weights.count == self.weights.count,
      dynamics.restore(state.part("dynamics")), probe.restore(state.part("probe")),
      midpoint.restore(state.part("midpoint"))
    else { return false }
    self.weights.copy(from: weights)
    (self.step, self.firstLoss) = (step, firstLoss)
    return true
  }

  /// Goes on with what was recorded up to the step that was restored.
  package func resume(_ recording: Recording) { self.recording = recording.prefix(steps: step) }

  /// Starts at the weights of another run, and with what else of its state fits these dynamics.
  ///
  /// - Returns: whether the state has weights of this network.
  package func branch(from state: CarriedState<Scalar>, onlyWeights: Bool) -> Bool {
    guard let weights = state.vectors["weights"], weights.count == self.weights.count else { return false }
    self.weights.copy(from: weights)
    if !onlyWeights { _ = dynamics.branch(from: state.part("dynamics")) }
    return true
  }
}
