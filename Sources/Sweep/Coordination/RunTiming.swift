import Learning
import LinearAlgebra

/// Seconds that the parts of a run take on this machine, on one rank.
public struct RunTiming: Sendable {
  /// One step: the gradient of a batch.
  public var gradient: Double
  /// Preparing the Hessian at new weights.
  public var linearization: Double
  /// One Hessian product over the measured examples.
  public var product: Double
  /// The parameters of the network.
  let layout: ParameterLayout
  /// The number of training examples.
  public let examples: Int

  /// Times each part for about `budget` seconds.
  public init(_ run: RunConfiguration, budget: Double = 0.2) throws {
    switch run.precision {
    case .float: self = try Self.measure(run, budget: budget, as: Float.self)
    case .double: self = try Self.measure(run, budget: budget, as: Double.self)
    }
  }

  private init(
    gradient: Double, linearization: Double, product: Double, layout: ParameterLayout, examples: Int
  ) {
    self.gradient = gradient
    self.linearization = linearization
    self.product = product
    self.layout = layout
    self.examples = examples
  }

  private static func measure<Scalar: RealScalar>(
    _ run: RunConfiguration, budget: Double, as: Scalar.Type
  ) throws -> RunTiming {
    let data = try run.data.load(as: Scalar.self)
    let model = try run.model.makeModel(
      features: data.training.features, outputs: data.training.outputs, image: data.image)
    let objective = try Objective(model: model, loss: run.loss, data: data, blockSize: run.blockSize)
    let weights = model.initialWeights(seed: UInt64(run.seed), as: Scalar.self)
    let scratch = Vector<Scalar>(count: weights.count)
    let measured = run.measure.batch(of: data.training.count)
    var sampler = run.sampler(examples: data.training.count)
    return RunTiming(
      gradient: try secondsPerCall(budget) {
        _ = try objective.gradient(at: weights, batch: sampler.batch(at: 0), into: scratch)
      },
      linearization: try secondsPerCall(budget) { try objective.linearize(at: weights, batch: measured) },
      product: try secondsPerCall(budget) { try objective.hessianProduct(weights, into: scratch) },
      layout: model.layout, examples: data.training.count)
  }

  /// The mean over as many calls as fit into the budget, after one call that is not counted.
  static func secondsPerCall(_ budget: Double, _ body: () throws -> Void) rethrows -> Double {
    try body()
    let clock = ContinuousClock()
    let start = clock.now
    var calls = 0
    var elapsed = 0.0
    repeat {
      try body()
      calls += 1
      elapsed = start.duration(to: clock.now) / .seconds(1)
    } while elapsed < budget
    return elapsed / Double(calls)
  }
}

/// Timings of the kinds of run seen so far: runs that differ only in step size, seed and the like share one.
struct TimingCache {
  private struct Kind: Hashable {
    let measuredExamples: Int?
    let data: DataConfiguration
    let model: ModelConfiguration
    let loss: Loss
    let batchSize: BatchSize
    let blockSize: Int
    let precision: Precision
  }

  private var timings: [Kind: RunTiming] = [:]

  /// Estimated seconds of a run on one rank.
  mutating func seconds(of run: RunConfiguration) throws -> Double {
    let timing = try timing(of: run)
    let steps = Double(run.stop.steps)
    let measurements = run.measure.every.map { (steps / Double($0)).rounded(.up) } ?? 0
    return steps * timing.gradient + measurements * timing.linearization
      + run.expectedProducts(layout: timing.layout, examples: timing.examples) * timing.product
  }

  private mutating func timing(of run: RunConfiguration) throws -> RunTiming {
    let kind = Kind(
      measuredExamples: run.measure.examples, data: run.data, model: run.model, loss: run.loss,
      batchSize: run.batchSize, blockSize: run.blockSize,
      precision: run.precision)
    if let known = timings[kind] { return known }
    let timing = try RunTiming(run)
    timings[kind] = timing
    return timing
  }
}
