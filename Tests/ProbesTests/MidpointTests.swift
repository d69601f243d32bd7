import Learning
import LinearAlgebra
import Optimizers
import Schema
import Spectra
import Testing

@testable import Probes

@Suite struct MidpointTests {
  private let fixture: Fixture
  private let midpoint: MidpointIterate<Double>

  init() throws {
    fixture = try Fixture()
    midpoint = MidpointIterate(fixture.objective)
  }

  private func settings(_ count: Int) -> SharpnessSettings {
    SharpnessSettings(solver: BlockKrylov(count: count, tolerance: 1e-8))
  }

  @Test func firstStepHasNoneAndIsMeasuredAtTheIterate() throws {
    let point = try midpoint.point(around: fixture.point(fixture.optimizer()))
    #expect(point.place == .iterate)
    #expect(point.weights === fixture.weights)
  }

  /// For gradient descent `w_(t+1) = w_t - eta g_t`.
  @Test func liesBetweenTheNeighbours() throws {
    let previous = Vector<Double>(count: fixture.count)
    probe(1).fillNormal(previous.all)
    midpoint.remember(previous)
    let run = try fixture.point(fixture.optimizer(), learningRate: 0.1)
    let point = try midpoint.point(around: run)
    #expect(point.place == .midpoint)
    for i in 0..<fixture.count {
      let next: Double = run.weights[i] - 0.1 * run.gradient[i]
      let expected: Double = (previous[i] + 2 * run.weights[i] + next) / 4
      #expect(abs(point.weights[i] - expected) < 1e-14)
    }
    let gradient = Vector<Double>(count: fixture.count)
    let loss = try fixture.objective.gradient(at: point.weights, into: gradient).loss
    #expect(point.loss == loss && point.gradient.array == gradient.array)
    try expectProducts(of: point)
  }

  /// What the products need was computed along with the gradient.
  private func expectProducts(of point: RunPoint<Double>) throws {
    let (early, fresh) = (Vector<Double>(count: fixture.count), Vector<Double>(count: fixture.count))
    try #require(point.linearized).hessianProduct(fixture.weights, into: early)
    try fixture.objective.linearize(at: point.weights).hessianProduct(fixture.weights, into: fresh)
    #expect(early.array == fresh.array)
  }

  /// An oscillation of period two is averaged out.
  @Test func oscillationsVanish() throws {
    let centre = fixture.weights.array
    let swing = probe(2)
    func swung(_ sign: Double) -> Vector<Double> {
      Vector(centre.indices.map { (i: Int) -> Double in centre[i] + sign * swing.uniform(UInt64(i)) })
    }
    midpoint.remember(swung(1))
    // The gradient that carries the weights back to where they came from.
    let gradient = Vector(zip(swung(-1).array, swung(1).array).map { $0 - $1 })
    let optimizer = fixture.optimizer()
    optimizer.absorb(gradient, at: swung(-1))
    let point = try midpoint.point(
      around: RunPoint(
        step: 3, weights: swung(-1), gradient: gradient, loss: 1, batch: .full,
        stability: Stability(optimizer, learningRate: 1)))
    for (found, expected) in zip(point.weights.array, centre) { #expect(abs(found - expected) < 1e-14) }
  }

  /// Along the update of the step itself, `w_(t+1) - w_t = -eta (g_t + delta w_t)`; only the Hessian is the midpoint's.
  @Test(arguments: [Batch.full, .examples([1, 4, 7])], [0, 0.5])
  func theDirectionIsThatOfTheStep(batch: Batch, decay: Double) throws {
    let (weights, eta) = (fixture.weights, 0.1)
    let run = try fixture.point(
      batch: batch, fixture.optimizer(OptimizerConfiguration("gd", [.weightDecay: .real(decay)])),
      learningRate: eta)
    let stepGradient = run.gradient.array
    midpoint.remember(Vector(weights.array.map { 0.9 * $0 }))
    let point = try midpoint.point(around: run)
    let measured = try fixture.probe(DirectionConfiguration()).measure(at: point).quantities

    let update = Vector(zip(stepGradient, weights.array).map { -eta * ($0 + decay * $1) })
    let next = Vector(zip(weights.array, update.array).map(+))
    let image = Vector<Double>(count: fixture.count)
    try fixture.objective.linearize(at: point.weights).hessianProduct(update, into: image)
    let curvature = update.dot(image) / update.dot(update)
    #expect(abs(try #require(measured["directional_sharpness"]?[0]) - curvature) < 1e-10 * abs(curvature))

    let gradient = Vector<Double>(count: fixture.count)
    let after = try fixture.objective.gradient(at: next, into: gradient).loss
    let before = try fixture.objective.gradient(at: weights, into: gradient).loss
    let progress = (after - before) / -gradient.dot(update)
    #expect(abs(try #require(measured["relative_progress"]?[0]) - progress) < 1e-9 * abs(progress))
  }

  /// The Hessian is that of the midpoint, the preconditioner that of the iterate, and the run goes on undisturbed.
  @Test(arguments: ["gd", "adam"])
  func isMeasuredWithThePreconditionerOfTheStep(name: String) throws {
    let optimizer = fixture.optimizer(OptimizerConfiguration(name))
    midpoint.remember(Vector(fixture.weights.array.map { 0.9 * $0 }))
    let run = try fixture.point(optimizer)
    let state = optimizer.state.map(\.vector.array)
    let point = try midpoint.point(around: run)
    let measured = try SharpnessProbe(objective: fixture.objective, settings: settings(2), seed: 1)
      .measure(at: point)
    #expect(optimizer.state.map(\.vector.array) == state)
    #expect(measured.weights == .midpoint && measured.step == run.step)

    let diagonal = Vector<Double>(count: fixture.count)
    diagonal.fill(1)
    _ = optimizer.preconditioner(into: diagonal)
    let scaled = PreconditionedOperator(
      HessianOperator(try fixture.objective.linearize(at: point.weights)))
    scaled.precondition(by: diagonal)
    let exact = try #require(SymmetricEigen(denseMatrix(scaled), dimension: fixture.count)).values.last
    #expect(abs(measured.preconditioned!.values[0] / exact! - 1) < 1e-8)
  }
}

/// A random number generator for one test.
private func probe(_ seed: UInt64) -> Philox { Philox(seed: seed, stream: .data) }
