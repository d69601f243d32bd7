import Datasets
import Learning
import LinearAlgebra
import Optimizers
import Probes
import Schema
import Spectra
import Testing

@Suite struct SharpnessProbeTests {
  private let objective: Objective<Double>
  private let weights: Vector<Double>
  private let gradient: Vector<Double>

  init() throws {
    let data = try DataConfiguration.gaussianMixture(
      GaussianMixtureData(examples: 30, features: 6, classes: 3)
    ).load(as: Double.self)
    let model = try ModelConfiguration.mlp(MLPConfiguration(hidden: [7])).makeModel(features: 6, outputs: 3)
    objective = try Objective(model: model, loss: .mse, data: data, blockSize: 8)
    weights = model.initialWeights(seed: 3, as: Double.self)
    gradient = Vector(count: weights.count)
  }

  /// The Hessian column by column, scaled to `D (H + shift I) D`.
  private func denseEigenvalues(scaledBy scale: [Double], shift: Double = 0) throws -> [Double] {
    let count = objective.parameterCount
    var matrix = [Double](repeating: 0, count: count * count)
    let linearized = try objective.linearize(at: weights)
    let (unit, column) = (Vector<Double>(count: count), Vector<Double>(count: count))
    for j in 0..<count {
      unit.fill(0)
      unit[j] = 1
      try linearized.hessianProduct(unit, into: column)
      column[j] += shift
      for i in 0..<count { matrix[i * count + j] = scale[i] * column[i] * scale[j] }
    }
    return try #require(SymmetricEigen(matrix, dimension: count)).values.reversed()
  }

  private func point(
    _ optimizer: any Optimizer<Double>, step: Int, gradient: Vector<Double>
  ) -> RunPoint<Double> {
    RunPoint(
      step: step, weights: weights, gradient: gradient, loss: 1, batch: .full,
      stability: Stability(optimizer, learningRate: 0.1))
  }

  private func measure(_ optimizer: any Optimizer<Double>) throws -> Measurement {
    _ = try objective.gradient(at: weights, into: gradient)
    optimizer.absorb(gradient, at: weights)
    let probe = SharpnessProbe(
      objective: objective,
      settings: SharpnessSettings(solver: BlockKrylov(count: 3, tolerance: 1e-8), preconditioned: true),
      seed: 1)
    return try probe.measure(at: point(optimizer, step: 5, gradient: gradient))
  }

  @Test func withoutPreconditionerBothSpectraAreTheHessians() throws {
    let measured = try measure(
      OptimizerConfiguration("gd").makeOptimizer(shapes: [[weights.count]]))
    let expected = try denseEigenvalues(scaledBy: Array(repeating: 1, count: weights.count))
    for (value, exact) in zip(measured.hessian.values, expected) { #expect(abs(value - exact) < 1e-10) }
    #expect(measured.preconditioned == measured.hessian)
    #expect(measured.converged)
    #expect(measured.step == 5)
    #expect(measured.stabilityThreshold == 20)
  }

  /// With coupled weight decay `delta` it is that of `P^-1/2 (H + delta I) P^-1/2`; decoupled, it does not enter.
  @Test(arguments: OptimizerConfiguration.names, [0, 0.3])
  func preconditionedSpectrumIsThatOfTheSymmetricMatrix(name: String, decay: Double) throws {
    let optimizer: any Optimizer<Double> = OptimizerConfiguration(name, [.weightDecay: .real(decay)])
      .makeOptimizer(shapes: objective.layout.segments.map(\.shape))
    let measured = try measure(optimizer)
    let diagonal = Vector<Double>(count: weights.count)
    if !optimizer.preconditioner(into: diagonal) { diagonal.fill(1) }
    let expected = try denseEigenvalues(
      scaledBy: diagonal.array.map { 1 / $0.squareRoot() }, shift: name == "adamw" ? 0 : decay)
    let spectrum = try #require(measured.preconditioned)
    for (value, exact) in zip(spectrum.values, expected) { #expect(abs(value - exact) < 1e-8 * expected[0]) }
    #expect(measured.hessian.values[0] != spectrum.values[0] || (diagonal[0] == 1 && decay == 0))
  }

  @Test func alignmentIsOneAlongTheTopEigenvector() throws {
    let pairs = try BlockKrylov(count: 1, tolerance: 1e-10).largestEigenpairs(
      of: HessianOperator(try objective.linearize(at: weights)), random: Philox(seed: 0, stream: .probes))
    let probe = SharpnessProbe(
      objective: objective,
      settings: SharpnessSettings(solver: BlockKrylov(count: 1, tolerance: 1e-10), preconditioned: false),
      seed: 1)
    let optimizer: any Optimizer<Double> = OptimizerConfiguration("gd").makeOptimizer(
      shapes: [[weights.count]])
    let measured = try probe.measure(at: point(optimizer, step: 0, gradient: pairs.vectors[0]))
    #expect(abs(measured.gradientAlignment - 1) < 1e-8)
    #expect(measured.gradientAlignment <= 1)
  }

  /// Without it there is nothing to hold against the threshold of an adaptive optimizer.
  @Test func preconditionedSpectrumIsMissingOnlyWhereItDiffersAndIsNotAskedFor() throws {
    let probe = SharpnessProbe(
      objective: objective, settings: SharpnessSettings(solver: BlockKrylov(count: 1), preconditioned: false),
      seed: 1)
    for (configuration, isMissing) in [
      (OptimizerConfiguration("gd"), false), (OptimizerConfiguration("adam"), true),
    ] {
      let optimizer: any Optimizer<Double> = configuration.makeOptimizer(shapes: [[weights.count]])
      _ = try objective.gradient(at: weights, into: gradient)
      optimizer.absorb(gradient, at: weights)
      let measured = try probe.measure(at: point(optimizer, step: 0, gradient: gradient))
      #expect((measured.preconditioned == nil) == isMissing)
    }
  }
}
