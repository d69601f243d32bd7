import LinearAlgebra
import Optimizers
import Schema
import Testing

@Suite struct PreviewTests {
  private func random(_ seed: UInt64) -> Vector<Float> {
    let vector = Vector<Float>(count: 12)
    Philox(seed: seed, stream: .data).fillNormal(vector.all)
    return vector
  }

  /// A run that looks ahead at every step has the same bits as one that does not.
  @Test(arguments: OptimizerConfiguration.names) func lookingAheadChangesNothing(name: String) {
    let configuration = OptimizerConfiguration(name, [.weightDecay: 0.1])
    let curious: any Optimizer<Float> = configuration.makeOptimizer(shapes: [[3, 4]])
    let plain: any Optimizer<Float> = configuration.makeOptimizer(shapes: [[3, 4]])
    let (weights, same) = (random(1), random(1))
    for step in 0..<5 {
      let gradient = random(UInt64(10 + step))
      curious.absorb(gradient, at: weights)
      plain.absorb(gradient, at: same)
      let ahead = curious.preview(weights, gradient: gradient, learningRate: 0.01)
      #expect(weights.array == same.array)
      curious.update(weights, gradient: gradient, learningRate: 0.01)
      plain.update(same, gradient: gradient, learningRate: 0.01)
      #expect(weights.array == same.array)
      #expect(ahead.array == same.array)
    }
  }
}
