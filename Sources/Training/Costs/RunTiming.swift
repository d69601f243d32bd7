import Console
import Datasets
public import Jobs
package import Learning
import LinearAlgebra
import Probes

/// Seconds that the parts of a run take on this machine, on one rank.
public struct RunTiming: Sendable {
  /// One step: the gradient of a batch.
  public var gradient: Double
  /// Preparing the Hessian at new weights.
  public var linearization: Double
  /// One Hessian product over the measured examples.
  public var product: Double
  /// The parameters of the network.
  package let layout: ParameterLayout
  /// The number of training examples.
  public let examples: Int
  /// What one rank keeps from one product to the next.
  package let residuals: ResidualUse?

  /// Times each part for about `budget` seconds, with so many bytes of memory for residuals.
  public init(_ run: RunConfiguration, residualMemory: Int, budget: Double = 0.2) throws {
    switch run.precision {
    case .float: self = try Self.measure(run, residualMemory, budget: budget, as: Float.self)
    case .double: self = try Self.measure(run, residualMemory, budget: budget, as: Double.self)
    }
  }

  private init(
    gradient: Double, linearization: Double, product: Double, layout: ParameterLayout, examples: Int,
    residuals: ResidualUse?
  ) {
    self.gradient = gradient
    self.linearization = linearization
    self.product = product
    self.layout = layout
    self.examples = examples
    self.residuals = residuals
  }

  private static func measure<Scalar: RealScalar>(
    _ run: RunConfiguration, _ residualMemory: Int, budget: Double, as: Scalar.Type
  ) throws -> RunTiming {
    let experiment = try Experiment<Scalar>(run, residualMemory: residualMemory)
    let (model, objective) = (experiment.model, experiment.objective)
    // Two points in turn, since linearising where the last one was done costs nothing.
    var points = (0..<2).map { model.initialWeights(seed: UInt64(run.seed) + $0, as: Scalar.self) }
    let weights = points[0]
    let scratch = Vector<Scalar>(count: weights.count)
    let measured = run.measure.batch(of: experiment.examples)
    var sampler = run.sampler(examples: experiment.examples)
    let gradient = try secondsPerCall(budget) {
      _ = try objective.gradient(at: weights, batch: sampler.batch(at: 0), into: scratch)
    }
    let linearization = try secondsPerCall(budget) {
      points.swapAt(0, 1)
      _ = try objective.linearize(at: points[0], batch: measured)
    }
    let linearized = try objective.linearize(at: points[0], batch: measured)
    let product = try secondsPerCall(budget) { try linearized.hessianProduct(weights, into: scratch) }
    return RunTiming(
      gradient: gradient, linearization: linearization, product: product, layout: model.layout,
      examples: experiment.examples, residuals: objective.residualUse)
  }

  /// What some work takes.
  func seconds(of work: RunWork) -> Double {
    work.gradients * gradient + work.linearizations * linearization + work.products * product
  }

  /// The mean over as many calls as fit into the budget, after one call that is not counted.
  package static func secondsPerCall(_ budget: Double, _ body: () throws -> Void) rethrows -> Double {
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

/// Timings of the objectives seen so far: runs that differ only in step size, seed, process and the like share one.
package struct TimingCache {
  private var timings: [ObjectiveKind: RunTiming] = [:]
  private let residualMemory: Int

  package init(residualMemory: Int) { self.residualMemory = residualMemory }

  /// The largest use of memory for residuals so far.
  package var residuals: ResidualUse? {
    timings.values.compactMap(\.residuals).max { $0.byteCount < $1.byteCount }
  }

  /// Estimated seconds of a run on one rank.
  package mutating func seconds(of run: RunConfiguration) throws -> Double {
    let timing = try timing(of: run)
    return timing.seconds(of: .whole(run, layout: timing.layout, examples: timing.examples))
  }

  /// Estimated seconds of one rank for the longest stretch of a run that is not saved in between: a step with its
  /// measurement.
  package mutating func secondsOfStep(of run: RunConfiguration) throws -> Double {
    let timing = try timing(of: run)
    return timing.seconds(of: .longestStep(run, layout: timing.layout, examples: timing.examples))
  }

  private mutating func timing(of run: RunConfiguration) throws -> RunTiming {
    let kind = ObjectiveKind(run)
    if let known = timings[kind] { return known }
    let timing = try RunTiming(run, residualMemory: residualMemory)
    timings[kind] = timing
    return timing
  }
}

extension ResidualUse {
  /// What `plan` and `bench` say about it: `312 MiB, kept of all 20 blocks`.
  package var summary: String {
    let size = "\(Format.count((Double(byteCount) / 0x1p20).rounded(.up))) MiB"
    if keptBlocks == blocks { return "\(size), kept of all \(Format.plural(blocks, "block"))" }
    return "\(size), kept of \(keptBlocks) of \(Format.plural(blocks, "block")) (residual_memory)"
  }
}
