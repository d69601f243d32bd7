import LinearAlgebra
import Optimizers
import Schema
import Testing

@Suite struct FrozenPreconditionerTests {
  static let adaptive = OptimizerConfiguration.names.filter { OptimizerConfiguration($0).isAdaptive }

  private func gradient(_ step: Int) -> Vector<Double> {
    let random = Philox(seed: 2, stream: .probes, substream: UInt32(step))
    return Vector((0..<6).map { random.normal(UInt64($0)) * Double(step + 1) })
  }

  /// Up to the step everything is as without freezing; from it on the preconditioner is the one of that step.
  @Test(arguments: adaptive)
  func stepsAreTheSameUpToTheStepAndThePreconditionerStaysFromItOn(name: String) {
    let free = OptimizerConfiguration(name).makeOptimizer(shapes: [[2, 3]], scalar: Double.self)
    let frozen = OptimizerConfiguration(name, [.freezePreconditioner: 5]).makeOptimizer(
      shapes: [[2, 3]], scalar: Double.self)
    let (a, b) = (Vector<Double>(count: 6), Vector<Double>(count: 6))
    let (p, q, kept) = (Vector<Double>(count: 6), Vector<Double>(count: 6), Vector<Double>(count: 6))
    for step in 0..<10 {
      for (optimizer, weights) in [(free, a), (frozen, b)] { optimizer.absorb(gradient(step), at: weights) }
      #expect(free.preconditioner(into: p))
      #expect(frozen.preconditioner(into: q))
      if step <= 5 { #expect(p.array == q.array) }
      if step == 5 { kept.copy(from: q) }
      if step > 5 {
        #expect(q.array == kept.array)
        #expect(p.array != kept.array)
      }
      for (optimizer, weights) in [(free, a), (frozen, b)] {
        optimizer.update(weights, gradient: gradient(step), learningRate: 0.1)
      }
      if step < 5 { #expect(a.array == b.array) }
    }
  }
}
