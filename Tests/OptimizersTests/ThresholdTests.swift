import LinearAlgebra
import Optimizers
import Schema
import Testing

/// Thresholds against linear algebra: the recurrence of every optimizer on a quadratic, with a constant preconditioner.
@Suite struct ThresholdTests {
  /// Random hyper-parameters of an optimizer, with biases corrected so late that the corrections are over.
  private func draws(_ name: String) -> [(OptimizerConfiguration, learningRate: Double)] {
    let random = Philox(seed: 11, stream: .probes, substream: 0)
    return (0..<20).map { draw in
      func uniform(_ index: Int) -> Double { random.uniform(UInt64(10 * draw + index)) }
      let available = OptimizerConfiguration(name).hyperparameters
      var parameters: Hyperparameters = [:]
      for (index, parameter) in [Hyperparameter.momentum, .beta1, .nu].enumerated()
      where available[value: parameter] != nil {
        parameters[value: parameter] = .real(0.98 * uniform(index))
      }
      parameters[value: .weightDecay] = .real(draw % 2 == 0 ? 0 : 3 * uniform(3))
      return (OptimizerConfiguration(name, parameters), learningRate: 0.01 + 0.3 * uniform(4))
    }
  }

  private func value(_ parameter: Hyperparameter, _ configuration: OptimizerConfiguration) -> Double {
    if case .real(let value) = configuration.hyperparameters[value: parameter] { value } else { 0 }
  }

  /// One step of the papers' formulas on `(w, m)`, with `P = 1` and a Hessian `h` without the weight decay.
  private func step(
    _ state: (w: Double, m: Double), h: Double, _ configuration: OptimizerConfiguration, eta: Double
  ) -> (w: Double, m: Double) {
    let beta = value(.momentum, configuration) + value(.beta1, configuration)
    let decay = value(.weightDecay, configuration)
    let isDecoupled = configuration.name == "adamw"
    let g = h * state.w + (isDecoupled ? 0 : decay * state.w)
    let (sum, average) = (beta * state.m + g, beta * state.m + (1 - beta) * g)
    let (u, m): (Double, Double) =
      switch configuration.name {
      case "gd", "rmsprop", "scalar-rmsprop", "adagrad", "adadelta": (g, 0)
      case "heavy-ball": (sum, sum)
      case "nesterov": (g + beta * sum, sum)
      case "nadam": ((1 - beta) * g + beta * average, average)
      case "qhm":
        (
          (1 - value(.nu, configuration)) * g + value(.nu, configuration) * average, average
        )
      default: (average, average)
      }
    return ((isDecoupled ? 1 - eta * decay : 1) * state.w - eta * u, m)
  }

  private func spectralRadius(_ h: Double, _ configuration: OptimizerConfiguration, eta: Double) -> Double {
    let (a, c) = step((1, 0), h: h, configuration, eta: eta)
    let (b, d) = step((0, 1), h: h, configuration, eta: eta)
    let (trace, determinant) = (a + d, a * d - b * c)
    let discriminant = trace * trace / 4 - determinant
    return discriminant < 0 ? determinant.squareRoot() : abs(trace) / 2 + discriminant.squareRoot()
  }

  @Test(arguments: OptimizerConfiguration.names)
  func thresholdsAreWhereTheSpectralRadiusPasses1(name: String) {
    for (configuration, eta) in draws(name) {
      let optimizer = configuration.makeOptimizer(shapes: [[1]], scalar: Double.self)
      optimizer.stepCount = 100_000
      let threshold = optimizer.stabilityThreshold(learningRate: eta)
      #expect(threshold > 0)
      // The threshold is on the eigenvalues of the Hessian with the coupled decay.
      var (stable, unstable) = (0.0, 10 * threshold)
      for _ in 0..<60 {
        let middle = (stable + unstable) / 2
        if spectralRadius(middle, configuration, eta: eta) > 1 { unstable = middle } else { stable = middle }
      }
      let found = stable + optimizer.decay.coupled
      let limit = max(threshold, optimizer.decay.coupled)
      #expect(abs(found - limit) < 1e-6 * limit, "\(configuration.hyperparameters), eta \(eta)")
    }
  }

  // Closed forms of Cohen et al. 2022, arXiv 2207.14484, with beta = 0.9.
  @Test(arguments: [
    ("gd", 2.0), ("heavy-ball", 3.8), ("nesterov", 3.8 / 2.8), ("ema-heavy-ball", 38.0),
    ("scalar-rmsprop", 2.0),
    ("rmsprop", 2.0), ("adagrad", 2.0), ("adadelta", 2.0), ("adam", 38.0), ("nadam", 38.0 / 2.8),
    ("amsgrad", 38.0),
    ("padam", 38.0), ("adafactor", 38.0),
  ])
  func defaultsHaveThePublishedThresholds(name: String, expected: Double) {
    let optimizer = OptimizerConfiguration(name).makeOptimizer(shapes: [[1]], scalar: Double.self)
    optimizer.stepCount = 100_000
    #expect(abs(optimizer.stabilityThreshold(learningRate: 1) - expected) <= 1e-12 * expected)
  }

  /// The optimizers themselves, with a preconditioner that is frozen at the first step: on a quadratic the iterates
  /// shrink just below the threshold and grow just above it.
  @Test(arguments: OptimizerConfiguration.names, [0, 0.5])
  func quadraticsTurnUnstableAtTheThreshold(name: String, decay: Double) {
    var parameters: Hyperparameters = [.weightDecay: .real(decay)]
    if name == "qhm" { parameters[value: .momentum] = 0.9 }
    if OptimizerConfiguration(name).isAdaptive { parameters[value: .freezePreconditioner] = 0 }
    let schedule = LearningRateSchedule(.piecewise(steps: [50], factors: [0.7]), warmup: 20)
    for (factor, grows) in [(0.98, false), (1.02, true)] {
      let optimizer = OptimizerConfiguration(name, parameters).makeOptimizer(
        shapes: [[1]], scalar: Double.self)
      let size = run(optimizer, factor: factor, eta: 0.1, schedule: schedule)
      #expect((size > 1) == grows, "\(factor) of the threshold: \(size)")
    }
  }

  /// The size of the iterate in the end, against that when the step size has settled.
  private func run(
    _ optimizer: any Optimizer<Double>, factor: Double, eta: Double, schedule: LearningRateSchedule
  ) -> Double {
    let (weights, diagonal) = (Vector([1.0]), Vector([1.0]))
    let settled = 0.7 * eta
    var (curvature, reference) = (1.0, Double.nan)
    for step in 0..<30_000 {
      let gradient = Vector([curvature * weights[0]])
      optimizer.absorb(gradient, at: weights)
      optimizer.update(weights, gradient: gradient, learningRate: eta * schedule.factor(at: step))
      if step == 0 {
        // From the preconditioner of the first step to the curvature that is `factor` of the late threshold.
        _ = optimizer.preconditioner(into: diagonal)
        let late = lateThreshold(optimizer, learningRate: settled)
        curvature = factor * late * diagonal[0] - optimizer.decay.coupled
      }
      let size = abs(weights[0])
      if step == 2000 { reference = size }
      if size > 1e3 * reference || size < 1e-3 * reference { break }
    }
    return abs(weights[0]) / reference
  }

  /// The threshold once all biases are corrected.
  private func lateThreshold(_ optimizer: any Optimizer<Double>, learningRate: Double) -> Double {
    let count = optimizer.stepCount
    optimizer.stepCount = 100_000
    defer { optimizer.stepCount = count }
    return optimizer.stabilityThreshold(learningRate: learningRate)
  }
}
