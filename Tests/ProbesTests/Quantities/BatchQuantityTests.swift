import Learning
import LinearAlgebra
import Optimizers
import Schema
import Spectra
import Testing

@testable import Probes

/// Quantities of minibatches, held against dense matrices.
@Suite struct BatchQuantityTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture() }

  private func rayleigh(_ matrix: [Double], _ x: Vector<Double>) -> Double {
    let count = x.count
    var sum = 0.0
    for i in 0..<count {
      for j in 0..<count { sum += x[i] * matrix[i * count + j] * x[j] }
    }
    return sum / x.dot(x)
  }

  @Test func batchSharpnessOfFullBatchesIsTheRayleighQuotient() throws {
    let point = try fixture.point(fixture.optimizer())
    let measured = try fixture.probe(BatchSharpnessConfiguration(batches: 5)).measure(at: point).quantities
    let sharpness = try #require(measured["batch_sharpness"]?[0])
    #expect(abs(sharpness - rayleigh(try fixture.hessian(), point.gradient)) < 1e-10)
  }

  /// Batches of one example, as many as there are, are every example once: the mean is exact.
  @Test func batchSharpnessIsTheMeanOverBatches() throws {
    let point = try fixture.point(batch: .examples([3]), fixture.optimizer())
    let probe = fixture.probe(BatchSharpnessConfiguration(batches: fixture.examples))
    let measured = try probe.measure(at: point)
    let exact = try (0..<fixture.examples).map { index in
      rayleigh(
        try fixture.hessian(.examples([index])), try fixture.gradient(.examples([index])))
    }
    let mean = exact.reduce(0, +) / Double(exact.count)
    #expect(abs(try #require(measured.quantities["batch_sharpness"]?[0]) - mean) < 1e-9 * abs(mean))
    #expect(measured.products > fixture.examples)
  }

  /// The standard error from the unbiased variance over batches that cover the data, whichever they were: those
  /// of one example are known, and so is their spread.
  @Test func batchSharpnessErrorIsTheSpreadOverBatches() throws {
    let point = try fixture.point(batch: .examples([3]), fixture.optimizer())
    let measured = try fixture.probe(BatchSharpnessConfiguration(batches: fixture.examples)).measure(
      at: point)
    let exact = try (0..<fixture.examples).map { index in
      rayleigh(try fixture.hessian(.examples([index])), try fixture.gradient(.examples([index])))
    }
    let count = Double(exact.count)
    let mean = exact.reduce(0, +) / count
    let variance = exact.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / (count - 1)
    let error = try #require(measured.quantities["batch_sharpness_error"]?[0])
    #expect(abs(error - (variance / count).squareRoot()) < 1e-9 * error)
  }

  /// Whatever the batches looked at, the Hessian that follows is that of all examples.
  @Test func laterQuantitiesSeeTheMeasuredHessianAgain() throws {
    let point = try fixture.point(batch: .examples([0, 5, 7]), fixture.optimizer())
    let alone = try fixture.probe(TraceConfiguration(probes: 3)).measure(at: point)
    let after = try fixture.probe(BatchSharpnessConfiguration(batches: 4), TraceConfiguration(probes: 3))
      .measure(at: point)
    #expect(after.quantities["hessian_trace"] == alone.quantities["hessian_trace"])
  }

  @Test func batchHessianIsThatOfTheStepsBatch() throws {
    let batch = Batch.examples([1, 2, 11, 17, 23])
    let point = try fixture.point(batch: batch, fixture.optimizer())
    let solver = BlockKrylov(count: 1, tolerance: 1e-8, maximumProducts: 300)
    let probe = fixture.probe(BatchHessianConfiguration(solver: solver, coldInterval: 50))
    let exact = try #require(SymmetricEigen(fixture.hessian(batch), dimension: fixture.count)?.values.last)
    for _ in 0..<2 {
      let measured = try probe.measure(at: point).quantities
      #expect(abs(try #require(measured["batch_hessian_sharpness"]?[0]) - exact) < 1e-8 * exact)
      #expect(try #require(measured["batch_hessian_residual"]?[0]) <= 1e-8 * exact)
      #expect(measured["batch_hessian_converged"] == [1])
    }
    let full = try probe.measure(at: fixture.point(fixture.optimizer()))
    #expect(full.quantities["batch_hessian_sharpness"] == [full.hessian.values[0]])
  }

  /// The smaller the step, the more a quadratic model says: `1 + progress = -d^T H d / (2 g . d)`.
  @Test(arguments: [Batch.full, .examples([1, 4, 9])])
  func progressAlongTheUpdateFollowsTheQuadraticModel(batch: Batch) throws {
    let hessian = try fixture.hessian()
    let full = try fixture.gradient()
    for rate in [1e-3, 1e-4] {
      let optimizer = fixture.optimizer(OptimizerConfiguration("heavy-ball"))
      optimizer.absorb(full, at: fixture.weights)
      optimizer.update(Vector(fixture.weights.array), gradient: full, learningRate: rate)
      let point = try fixture.point(batch: batch, optimizer, learningRate: rate)
      let measured = try fixture.probe(DirectionConfiguration()).measure(at: point).quantities
      let update = optimizer.preview(point.weights, gradient: point.gradient, learningRate: rate)
      update.add(fixture.weights, scaledBy: -1)
      let curvature = rayleigh(hessian, update)
      #expect(abs(try #require(measured["directional_sharpness"]?[0]) - curvature) < 1e-8)
      let model = -curvature * update.dot(update) / (2 * full.dot(update))
      #expect(abs(1 + (try #require(measured["relative_progress"]?[0])) - model) < 40 * rate * model)
    }
  }

  @Test func theSubsetIsSpreadEvenly() {
    #expect(Batch.spread(4, of: 10) == .examples([0, 2, 5, 7]))
    #expect(Batch.spread(10, of: 10) == .full)
    #expect(Batch.spread(1, of: 10) == .examples([0]))
  }
}
