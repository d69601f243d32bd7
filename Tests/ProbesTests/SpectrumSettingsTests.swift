import Datasets
import Learning
import LinearAlgebra
import Optimizers
import Schema
import Spectra
import Testing

@testable import Probes

/// What a probe measures of the spectrum besides its top: the smallest value, and all above a limit.
@Suite struct SpectrumSettingsTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture() }

  private func measure(
    _ optimizer: any Optimizer<Double>, learningRate: Double = 0.1, smallest: Bool = false,
    track: Double? = nil, maximumCount: Int = 0
  ) throws -> Measurement {
    let solver = BlockKrylov(count: 1, maximumCount: maximumCount, tolerance: 1e-8)
    let settings = SharpnessSettings(solver: solver, smallest: smallest, track: track)
    let probe = SharpnessProbe(objective: fixture.objective, settings: settings, seed: 1)
    return try probe.measure(at: fixture.point(optimizer, learningRate: learningRate))
  }

  @Test func smallestIsTheMostNegativeEigenvalue() throws {
    let measured = try measure(fixture.optimizer(), smallest: true)
    let exact = try #require(SymmetricEigen(fixture.hessian(), dimension: fixture.count)).values
    let smallest = try #require(measured.smallest)
    #expect(exact[0] < -1e-3)
    #expect(abs(smallest.values[0] - exact[0]) <= smallest.errors[0] + 1e-12)
    #expect(smallest.residuals[0] <= 1e-8 * exact[fixture.count - 1])
    #expect(measured.products == measured.solves.hessian + (measured.solves.smallest ?? 0))
    #expect(try measure(fixture.optimizer()).smallest == nil)
  }

  /// The threshold of gradient descent is `2 / eta`: here half of it lies between two eigenvalues.
  @Test(arguments: 1...4)
  func tracksAllAboveTheFractionOfTheThreshold(count: Int) throws {
    let ascending = try #require(SymmetricEigen(fixture.hessian(), dimension: fixture.count)).values
    let exact: [Double] = ascending.reversed()
    let limit = (exact[count - 1] + exact[count]) / 2
    let measured = try measure(fixture.optimizer(), learningRate: 1 / limit, track: 0.5, maximumCount: 10)
    #expect(abs(measured.stabilityThreshold - 2 * limit) < 1e-12 * limit)
    #expect(measured.hessian.values.count == count)
    #expect(measured.hessian.converged == Array(repeating: true, count: count))
    for (value, eigenvalue) in zip(measured.hessian.values, exact) {
      #expect(abs(value - eigenvalue) < 1e-7 * exact[0])
    }
  }

  /// The threshold of an adaptive optimizer is one for the preconditioned Hessian.
  @Test func tracksThePreconditionedSpectrumWhereThereIsOne() throws {
    let measured = try measure(
      fixture.optimizer(OptimizerConfiguration("rmsprop")), learningRate: 1e3, track: 1e-6, maximumCount: 4)
    #expect(measured.hessian.values.count == 1)
    #expect(measured.preconditioned?.values.count == 4)
    #expect(measured.solves.preconditioned != nil)
  }

  /// A probe that takes over another's state measures on with the same bits.
  @Test(arguments: ["gd", "adam"])
  func restoredProbesContinueWithTheSameBits(name: String) throws {
    let configuration = OptimizerConfiguration(name)
    let settings = SharpnessSettings(
      solver: BlockKrylov(count: 2, maximumCount: 4), smallest: true, track: 0.01, coldInterval: 4)
    func probe() -> SharpnessProbe<Double> {
      let quantities: [any QuantityConfiguration] = [
        OverlapConfiguration(), TraceConfiguration(probes: 2),
        LayerConfiguration(solver: BlockKrylov(count: 1), coldInterval: 4),
        BatchHessianConfiguration(solver: BlockKrylov(count: 1), coldInterval: 4),
      ]
      return SharpnessProbe(
        objective: fixture.objective, settings: settings,
        quantities: quantities.map { $0.makeQuantity(for: fixture.objective) }, seed: 1)
    }
    let whole = try train(configuration, probe())
    let first = probe()
    let second = probe()
    let parts = try train(configuration, first) {
      guard $0 == 3 else { return nil }
      let state = first.carried.copied
      for missing in state.numbers.keys {
        var part = state
        part.numbers[missing] = nil
        #expect(!probe().restore(part), "\(missing)")
      }
      for missing in state.vectors.keys {
        var part = state
        part.vectors[missing] = nil
        #expect(!probe().restore(part), "\(missing)")
      }
      #expect(second.restore(state))
      return second
    }
    #expect(parts == whole)
  }

  /// Values and residuals along seven steps; `handOver` may name another probe for the steps from one on.
  private func train(
    _ configuration: OptimizerConfiguration, _ first: SharpnessProbe<Double>,
    handOver: (Int) throws -> SharpnessProbe<Double>? = { _ in nil }
  ) throws -> [[Double]] {
    let (weights, optimizer) = (Vector(fixture.weights.array), fixture.optimizer(configuration))
    let gradient = Vector<Double>(count: fixture.count)
    var probe = first
    return try (0..<7).map { step -> [Double] in
      probe = try handOver(step) ?? probe
      let batch = Batch.examples((0..<10).map { (7 * step + $0) % fixture.examples })
      let loss = try fixture.objective.gradient(at: weights, batch: batch, into: gradient).loss
      optimizer.absorb(gradient, at: weights)
      let run = RunPoint(
        step: step, weights: weights, gradient: gradient, loss: loss, batch: batch,
        stability: Stability(optimizer, learningRate: 0.05))
      let found = try probe.measure(at: run)
      optimizer.update(weights, gradient: gradient, learningRate: 0.05)
      let spectra = [found.hessian, found.preconditioned, found.smallest].compactMap(\.self)
      let numbers: [[Double]] = spectra.flatMap { [$0.values, $0.residuals, $0.errors] }
      let quantities = found.quantities.sorted { $0.key.name < $1.key.name }.flatMap(\.value)
      return Array(numbers.joined()) + quantities + [Double(found.products)]
    }
  }
}
