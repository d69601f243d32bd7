import Flows
import LinearAlgebra
import Testing

/// Steps of a flow, each of which has to move.
func run<Scalar: RealScalar>(
  _ flow: Flow<Scalar>, _ weights: Vector<Scalar>, steps: Int, stepSize: FlowStepSize,
  from first: Int = 0, _ look: (Int, FlowPrediction, FlowWork) -> Void = { _, _, _ in }
) throws {
  for step in first..<first + steps {
    switch try flow.step(weights, over: step, stepSize: stepSize) {
    case .moved(let prediction, let work): look(step, prediction, work)
    case .ended(let ending):
      Issue.record("step \(step): \(ending)")
      return
    }
  }
}

/// What an optimizer carried that has seen `updates` gradients.
func carried(moments: [Double], name: String, updates: Int) -> CarriedState<Double> {
  var state = CarriedState<Double>()
  state.numbers["step_count"] = Double(updates)
  state.vectors[name] = Vector(moments)
  return state
}
