import Datasets
import Learning
import LinearAlgebra
import Optimizers
import Schema
import Spectra
import Testing

@testable import Probes

/// The line `f(x) = w x` through points of a Chebyshev polynomial: gradients `(w x - y) x` and second
/// derivatives `x^2` of single examples are known without any of our derivatives.
@Suite struct LeastSquaresTests {
  private let points = 20
  private let weight = 0.3
  private let objective: Objective<Double>
  private let x: [Double]

  init() throws {
    let data = try DataConfiguration.chebyshev(ChebyshevData(degree: 3, points: points)).load(as: Double.self)
    let model = try ModelConfiguration.mlp(MLPConfiguration(hidden: [], bias: false)).makeModel(
      features: 1, outputs: 1)
    objective = try Objective(model: model, loss: .mse, data: data, blockSize: 6)
    x = (0..<points).map { -1 + 2 * Double($0) / 19 }
  }

  private var gradients: [Double] { x.map { (weight * $0 - (4 * $0 * $0 * $0 - 3 * $0)) * $0 } }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  private func measure(_ quantity: any QuantityConfiguration, batch: Batch) throws -> [String: Double] {
    let weights = Vector([weight])
    let gradient = Vector<Double>(count: 1)
    let loss = try objective.gradient(at: weights, batch: batch, into: gradient).loss
    let probe = SharpnessProbe(
      objective: objective, settings: SharpnessSettings(solver: BlockKrylov(count: 1), preconditioned: false),
      quantities: [quantity.makeQuantity(for: objective)], seed: 4)
    let optimizer: any Optimizer<Double> = OptimizerConfiguration("gd").makeOptimizer(shapes: [[1]])
    optimizer.absorb(gradient, at: weights)
    let point = RunPoint(
      step: 0, weights: weights, gradient: gradient, loss: loss, batch: batch,
      stability: Stability(optimizer, learningRate: 0.5))
    let measured = try probe.measure(at: point).quantities
    return Dictionary(uniqueKeysWithValues: measured.map { ($0.key.name, $0.value[0]) })
  }

  @Test func theNoiseScaleIsThatOfTheResiduals() throws {
    let (gradients, mean) = (gradients, mean(gradients))
    let variance = gradients.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(points - 1)
    let measured = try measure(NoiseScaleConfiguration(batches: points), batch: .examples([0]))
    #expect(abs(try #require(measured["gradient_noise_trace"]) - variance) < 1e-13)
    let scale = variance / (mean * mean - variance / Double(points))
    #expect(abs(try #require(measured["gradient_noise_scale"]) - scale) < 1e-10 * abs(scale))
  }

  /// In one dimension the gradient drops out of its Rayleigh quotient: single examples have `x^2`, and so
  /// have batches of all sizes in the mean.
  @Test(arguments: [1, 4, 10]) func batchSharpnessIsTheMeanSquare(size: Int) throws {
    let measured = try measure(
      BatchSharpnessConfiguration(batches: points / size), batch: .examples(Array(0..<size)))
    #expect(abs(try #require(measured["batch_sharpness"]) - mean(x.map { $0 * $0 })) < 1e-14)
  }

  /// A parabola: `1 + progress = eta H / 2`, whatever the size of the step.
  @Test func theQuadraticModelIsExact() throws {
    let (measured, curvature) = (try measure(DirectionConfiguration(), batch: .full), mean(x.map { $0 * $0 }))
    #expect(abs(try #require(measured["directional_sharpness"]) - curvature) < 1e-14)
    #expect(abs(1 + (try #require(measured["relative_progress"])) - 0.5 * curvature / 2) < 1e-12)
  }
}
