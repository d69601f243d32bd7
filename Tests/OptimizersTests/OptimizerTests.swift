import Conformance
import LinearAlgebra
import Optimizers
import Schema
import Testing

/// Every optimizer with its defaults, and with everything else there is to choose.
private let configurations: [OptimizerConfiguration] =
  OptimizerConfiguration.names.map { OptimizerConfiguration($0) } + [
    OptimizerConfiguration("gd", [.weightDecay: 0.1]),
    OptimizerConfiguration("heavy-ball", [.momentum: 0.0, .weightDecay: 0.1]),
    OptimizerConfiguration("nesterov", [.momentum: 0.95, .weightDecay: 0.1]),
    OptimizerConfiguration("ema-heavy-ball", [.momentum: 0.8, .biasCorrection: true]),
    OptimizerConfiguration("qhm", [.momentum: 0.9, .nu: 0.4, .biasCorrection: true, .weightDecay: 0.01]),
    OptimizerConfiguration("scalar-rmsprop", [.epsilon: 1e-3, .biasCorrection: false]),
    OptimizerConfiguration(
      "rmsprop", [.beta2: 0.9, .epsilon: 1e-3, .biasCorrection: false, .weightDecay: 0.1]),
    OptimizerConfiguration("adagrad", [.initialAccumulator: 0.1, .weightDecay: 0.1]),
    OptimizerConfiguration("adadelta", [.beta2: 0.9, .weightDecay: 0.01]),
    OptimizerConfiguration("adam", [.beta1: 0.7, .beta2: 0.95, .epsilon: 1e-4, .biasCorrection: false]),
    OptimizerConfiguration("adam", [.beta1: 0.0, .weightDecay: 0.01]),
    OptimizerConfiguration("adamw", [.weightDecay: 0.3]),
    OptimizerConfiguration("nadam", [.momentumDecay: 0.004]),
    OptimizerConfiguration("nadam", [.momentumDecay: 0.5, .biasCorrection: false, .weightDecay: 0.01]),
    OptimizerConfiguration("amsgrad", [.beta2: 0.5, .biasCorrection: false]),
    OptimizerConfiguration("padam", [.exponent: 0.125, .runningMaximum: true, .biasCorrection: true]),
    OptimizerConfiguration("adafactor", [.beta1: 0.0, .biasCorrection: false, .weightDecay: 0.01]),
    OptimizerConfiguration("adafactor", [.decayRate: 0.8, .clip: 0.5, .relativeStep: true]),
  ]

/// Preconditioners that are frozen before the tenth step and after it.
private let frozen = [
  OptimizerConfiguration("adam", [.freezePreconditioner: 4]),
  OptimizerConfiguration("adafactor", [.freezePreconditioner: 14]),
  OptimizerConfiguration("adadelta", [.freezePreconditioner: 9, .weightDecay: 0.01]),
]

/// Every optimizer with an epsilon, without it; adadelta would never take a step.
private let withoutEpsilon =
  OptimizerConfiguration.defaults(of: .epsilon).map(\.optimizer).filter { $0 != "adadelta" }.flatMap {
    [
      OptimizerConfiguration($0, [.epsilon: 0.0]),
      OptimizerConfiguration($0, [.epsilon: 0.0, .freezePreconditioner: 3]),
    ]
  } + [
    OptimizerConfiguration("padam", [.epsilon: 0.0, .runningMaximum: true]),
    OptimizerConfiguration("adafactor", [.epsilon: 0.0, .decayRate: 0.8, .clip: 0.5, .relativeStep: true]),
  ]

@Suite struct OptimizerTests {
  private let shapes = [[3, 7], [3], [2, 3, 2], [7]]
  private let count = 43

  /// Gradients whose sizes differ by many orders of magnitude, as those of layers do.
  private func gradient(_ step: Int) -> [Double] {
    let random = Philox(seed: 5, stream: .probes, substream: UInt32(step))
    return (0..<count).map { random.normal(UInt64($0)) * [1, 1e-3, 1e-6, 30][$0 % 4] }
  }

  @Test(arguments: configurations)
  func everyStepAgreesWithThePaper(configuration: OptimizerConfiguration) {
    agrees(configuration, as: Double.self, tolerance: 1e-13)
    agrees(configuration, as: Float.self, tolerance: 1e-5)
  }

  private func agrees<Scalar: RealScalar>(
    _ configuration: OptimizerConfiguration, as: Scalar.Type, tolerance: Double
  ) {
    let optimizer = configuration.makeOptimizer(shapes: shapes, scalar: Scalar.self)
    let start = (0..<count).map { Double($0) / 8 }
    let weights = Vector(start.map(Scalar.init))
    var reference = ReferenceUpdate(configuration, weights: start, shapes: shapes)
    for step in 1...50 {
      let gradient = gradient(step).map(Scalar.init)
      optimizer.absorb(Vector(gradient), at: weights)
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
    let weights = Vector<Double>(count: count)
    let diagonal = Vector<Double>(count: count)
    var sum = [Double](repeating: 0, count: count)
    for step in 1...20 {
      let gradient = gradient(step)
      weights.fill(0)
      optimizer.absorb(Vector(gradient), at: weights)
      let filter = optimizer.filter
      if !optimizer.preconditioner(into: diagonal) { diagonal.fill(1) }
      #expect(diagonal.array.allSatisfy { $0 > 0 })
      optimizer.update(weights, gradient: Vector(gradient), learningRate: 0.5)
      for i in 0..<count {
        sum[i] = filter.decay * sum[i] + gradient[i]
        let direction = filter.direct * gradient[i] + filter.accumulated * sum[i]
        #expect(abs(-weights[i] * diagonal[i] / 0.5 - direction) <= 1e-12 * max(abs(direction), abs(sum[i])))
      }
    }
  }

  @Test(arguments: configurations + frozen + withoutEpsilon)
  func keepsWhatEveryOptimizerPromises(configuration: OptimizerConfiguration) {
    #expect(OptimizerConformance<Float>.faults(of: configuration) == [])
    #expect(OptimizerConformance<Double>.faults(of: configuration) == [])
  }

  /// With epsilon 0 the scale of a weight whose gradients were all 0 is 0: `P^-1` is 0 there, not infinite.
  @Test(arguments: withoutEpsilon)
  func whereNothingWasAccumulatedThePreconditionerIsZero(configuration: OptimizerConfiguration) {
    let optimizer = configuration.makeOptimizer(shapes: [[2, 2], [3]], scalar: Float.self)
    optimizer.absorb(Vector(count: 7), at: Vector(count: 7))
    let (diagonal, roots) = (Vector<Float>(count: 7), Vector<Float>(count: 7))
    #expect(optimizer.preconditioner(into: diagonal))
    roots.becomeInverseRoots(of: diagonal)
    #expect(roots.array == [Float](repeating: 0, count: 7))
  }

  @Test func everyHyperparameterBelongsToSomeOptimizer() {
    for parameter in Hyperparameter.all {
      #expect(!OptimizerConfiguration.defaults(of: parameter).isEmpty, "\(parameter.name)")
    }
    #expect(Set(OptimizerConfiguration.names).count == OptimizerConfiguration.names.count)
  }

  @Test func onlyAdaptiveOptimizersHaveAPreconditioner() {
    for name in OptimizerConfiguration.names {
      let configuration = OptimizerConfiguration(name)
      let optimizer = configuration.makeOptimizer(shapes: [[2]], scalar: Double.self)
      optimizer.absorb(Vector([1, 2]), at: Vector([0, 0]))
      #expect(optimizer.preconditioner(into: Vector(count: 2)) == configuration.isAdaptive, "\(name)")
    }
  }
}
