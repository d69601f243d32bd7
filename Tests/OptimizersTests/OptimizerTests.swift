import LinearAlgebra
import Optimizers
import Testing

private let configurations: [OptimizerConfiguration] = [
  .gradientDescent, .heavyBall(momentum: 0.8), .nesterov(momentum: 0.95), .heavyBall(momentum: 0),
  .rmsprop(), .rmsprop(beta2: 0.9, epsilon: 1e-3, biasCorrection: false),
  .adam(), .adam(beta1: 0.7, beta2: 0.95, epsilon: 1e-4, biasCorrection: false), .adam(beta1: 0),
]

@Suite struct OptimizerTests {
  private let shapes = [[3, 7], [3], [2, 3], [7]]
  private let count = 37

  /// Gradients whose sizes differ by many orders of magnitude, as those of layers do.
  private func gradient(_ step: Int) -> [Double] {
    let random = Philox(seed: 5, stream: .probes, substream: UInt32(step))
    return (0..<count).map { random.normal(UInt64($0)) * [1, 1e-3, 1e-6, 30][$0 % 4] }
  }

  @Test(arguments: configurations)
  func everyStepAgreesWithTheTextbook(configuration: OptimizerConfiguration) {
    agrees(configuration, as: Double.self, tolerance: 1e-13)
    agrees(configuration, as: Float.self, tolerance: 1e-5)
  }

  private func agrees<Scalar: RealScalar>(
    _ configuration: OptimizerConfiguration, as: Scalar.Type, tolerance: Double
  ) {
    let optimizer = configuration.makeOptimizer(shapes: shapes, scalar: Scalar.self)
    let start = (0..<count).map { Double($0) / 8 }
    let weights = Vector(start.map(Scalar.init))
    var reference = ReferenceUpdate(configuration, weights: start)
    for step in 1...50 {
      let gradient = gradient(step).map(Scalar.init)
      optimizer.absorb(Vector(gradient))
      optimizer.update(weights, gradient: Vector(gradient), learningRate: 0.01)
      reference.step(gradient.map(Double.init), learningRate: 0.01)
      for i in 0..<count {
        let error = abs(Double(weights[i]) - reference.weights[i])
        #expect(error <= tolerance * max(1, abs(reference.weights[i])), "step \(step), weight \(i)")
      }
    }
    #expect(optimizer.stepCount == 50)
  }

  /// Preconditioner and filter are the whole update: `P (w_t - w_{t+1}) / eta` is the filtered history.
  @Test(arguments: configurations)
  func filterAndPreconditionerAreTheUpdate(configuration: OptimizerConfiguration) {
    let optimizer = configuration.makeOptimizer(shapes: shapes, scalar: Double.self)
    let filter = optimizer.filter
    let weights = Vector<Double>(count: count)
    let diagonal = Vector<Double>(count: count)
    var sum = [Double](repeating: 0, count: count)
    for step in 1...20 {
      let gradient = gradient(step)
      optimizer.absorb(Vector(gradient))
      if !optimizer.preconditioner(into: diagonal) { diagonal.fill(1) }
      weights.fill(0)
      optimizer.update(weights, gradient: Vector(gradient), learningRate: 0.5)
      for i in 0..<count {
        sum[i] = filter.decay * sum[i] + gradient[i]
        let direction = filter.direct * gradient[i] + filter.accumulated * sum[i]
        #expect(abs(-weights[i] * diagonal[i] / 0.5 - direction) <= 1e-12 * max(abs(direction), abs(sum[i])))
      }
    }
  }

  /// Reading the preconditioner has no side effect, and copying the state resumes a run with the same bits.
  @Test(arguments: configurations)
  func copiedStateContinuesWithTheSameBits(configuration: OptimizerConfiguration) {
    let first = configuration.makeOptimizer(shapes: shapes, scalar: Float.self)
    let second = configuration.makeOptimizer(shapes: shapes, scalar: Float.self)
    let (a, b) = (Vector<Float>(count: count), Vector<Float>(count: count))
    for step in 1...10 { advance(first, a, step) }
    b.copy(from: a)
    second.stepCount = first.stepCount
    #expect(first.state.map(\.name) == second.state.map(\.name))
    for (from, to) in zip(first.state, second.state) { to.vector.copy(from: from.vector) }
    for step in 11...20 {
      _ = first.preconditioner(into: Vector(count: count))
      advance(first, a, step)
      advance(second, b, step)
    }
    #expect(a.array == b.array)
  }

  private func advance(_ optimizer: any Optimizer<Float>, _ weights: Vector<Float>, _ step: Int) {
    let gradient = Vector(gradient(step).map(Float.init))
    optimizer.absorb(gradient)
    optimizer.update(weights, gradient: gradient, learningRate: 0.01)
  }

  /// On a quadratic the iterates shrink just below the threshold and grow just above it.
  ///
  /// With gradients that are tiny against epsilon, the preconditioner is a constant.
  @Test(arguments: [
    OptimizerConfiguration.gradientDescent, .heavyBall(), .nesterov(), .rmsprop(epsilon: 1),
    .adam(epsilon: 1, biasCorrection: false),
  ])
  func quadraticsTurnUnstableAtTheThreshold(configuration: OptimizerConfiguration) {
    let threshold = configuration.filter.stabilityThreshold(learningRate: 0.1)
    for (factor, grows) in [(0.99, false), (1.01, true)] {
      let optimizer = configuration.makeOptimizer(shapes: [[1]], scalar: Double.self)
      let weights = Vector([1e-150])
      for _ in 0..<10_000 {
        let gradient = Vector([factor * threshold * weights[0]])
        optimizer.absorb(gradient)
        optimizer.update(weights, gradient: gradient, learningRate: 0.1)
        if abs(weights[0]) > 1e-140 { break }
      }
      #expect((abs(weights[0]) > 1e-145) == grows, "\(configuration.name) at \(factor) of the threshold")
    }
  }
}
