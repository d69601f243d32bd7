import Datasets
import LinearAlgebra
import ProgramExecutor
import TensorProgram
import Testing

@testable import Learning

/// Gradients and Hessian products of every activation with every loss, against central differences in Double.
@Suite struct DerivativeTests {
  static let losses: [(Loss, LearningTask)] = [
    (.mse, .regression), (.mse, .signedClassification), (.crossEntropy, .classification),
    (.crossEntropy, .signedClassification),
  ]

  private let step = 1e-5

  /// `(f(w + h e_i) - f(w - h e_i)) / 2h` for every `i`.
  private func differences(
    _ weights: Vector<Double>, _ function: (Vector<Double>) throws -> [Double]
  ) rethrows -> [[Double]] {
    try (0..<weights.count).map { index in
      let moved = Vector<Double>(weights.array)
      moved[index] = weights[index] + step
      let ahead = try function(moved)
      moved[index] = weights[index] - step
      return zip(ahead, try function(moved)).map { ($0 - $1) / (2 * step) }
    }
  }

  @Test(arguments: Activation.allCases, losses)
  func agreeWithDifferences(activation: Activation, loss: (Loss, LearningTask)) throws {
    try expectDifferences(SmallProblem<Double>(activation: activation, loss: loss.0, task: loss.1))
  }

  @Test(arguments: [Activation.tanh, .gelu, .elu], CNNConfiguration.Pooling.allCases)
  func convolutionalNetworksAgreeWithDifferences(
    activation: Activation, pooling: CNNConfiguration.Pooling
  ) throws {
    var problem = SmallProblem<Double>(examples: 4, loss: .crossEntropy)
    problem.convolutional = CNNConfiguration(
      channels: [2, 3], pooling: pooling, hidden: pooling == .max ? [3] : [], activation: activation,
      bias: pooling != .none, outputBias: true)
    try expectDifferences(problem)
  }

  /// Gradients against differences of losses; columns of the Hessian, all of them, against differences of gradients,
  /// and against each other.
  private func expectDifferences(_ problem: SmallProblem<Double>) throws {
    let objective = try problem.objective()
    let weights = try problem.weights()
    let gradient = Vector<Double>(count: weights.count)
    _ = try objective.gradient(at: weights, into: gradient)
    let exact = gradient.array

    let slopes = try differences(weights) { [try objective.gradient(at: $0, into: gradient).loss] }
    for (slope, value) in zip(slopes, exact) { #expect(abs(slope[0] - value) < 1e-8) }

    let hessian = try differences(weights) {
      _ = try objective.gradient(at: $0, into: gradient)
      return gradient.array
    }
    let linearized = try objective.linearize(at: weights)
    let direction = Vector<Double>(count: weights.count), product = Vector<Double>(count: weights.count)
    var columns: [[Double]] = []
    for index in 0..<weights.count {
      direction.fill(0)
      direction[index] = 1
      try linearized.hessianProduct(direction, into: product)
      for (value, expected) in zip(product.array, hessian[index]) { #expect(abs(value - expected) < 1e-8) }
      columns.append(product.array)
    }
    for row in columns.indices {
      for column in 0..<row { #expect(abs(columns[row][column] - columns[column][row]) < 1e-12) }
    }
  }

  @Test(arguments: Activation.allCases, losses)
  func thirdDerivativeAgreesWithDifferences(activation: Activation, loss: (Loss, LearningTask)) throws {
    try expectThirdDerivative(
      SmallProblem(examples: 4, activation: activation, loss: loss.0, task: loss.1, blockSize: 4))
  }

  @Test(arguments: CNNConfiguration.Pooling.allCases)
  func thirdDerivativeOfConvolutionalNetworksAgreesWithDifferences(pooling: CNNConfiguration.Pooling) throws {
    var problem = SmallProblem<Double>(examples: 4, loss: .crossEntropy, blockSize: 4)
    problem.convolutional = CNNConfiguration(
      channels: [2, 3], pooling: pooling, hidden: [3], activation: .gelu)
    try expectThirdDerivative(problem)
  }

  /// Along two directions, as the slow reference and as the executor compute it, against differences of Hessian products.
  private func expectThirdDerivative(_ problem: SmallProblem<Double>) throws {
    let model = try problem.model()
    let data = problem.dataset().training
    let programs = BlockPrograms(
      model: model, loss: problem.loss, features: data.features, outputs: problem.outputs, scalar: .double)
    let third = programs.loss(examples: 4).thirdDerivative(withRespectTo: model.layout.segments.map(\.name))
    func parts(_ flat: Vector<Double>) -> [[Double]] {
      model.layout.segments.map { flat.slice($0.range).array }
    }
    let weights = try problem.weights()
    let (u, v) = (
      randomVector(weights.count, seed: 1, as: Double.self),
      randomVector(weights.count, seed: 2, as: Double.self)
    )
    let inputs = [data.inputs.array, data.targets.array] + parts(weights) + parts(u) + parts(v)
    let exact = third.evaluate(inputs).flatMap { $0 }
    let executed = try run(third, inputs.map { Vector($0) }).flatMap { $0 }

    let objective = try problem.objective()
    func product(at distance: Double) throws -> [Double] {
      let moved = Vector<Double>(weights.array), product = Vector<Double>(count: weights.count)
      moved.add(v, scaledBy: distance)
      try objective.linearize(at: moved).hessianProduct(u, into: product)
      return product.array
    }
    let slopes = zip(try product(at: step), try product(at: -step)).map { ($0 - $1) / (2 * step) }
    let scale = slopes.map(abs).max() ?? 0
    #expect(exact.count == slopes.count)
    for (value, slope) in zip(exact, slopes) { #expect(abs(value / 4 - slope) < 1e-7 * max(scale, 1)) }
    #expect(executed.count == exact.count)
    for (value, same) in zip(exact, executed) { #expect(abs(value - same) < 1e-10 * max(scale, 1)) }
  }

  @Test func productsKeepTheWeightsOfTheLinearisation() throws {
    let problem = SmallProblem<Double>(loss: .crossEntropy)
    let objective = try problem.objective()
    let weights = try problem.weights()
    let direction = randomVector(weights.count, seed: 1, as: Double.self)
    let product = Vector<Double>(count: weights.count), again = Vector<Double>(count: weights.count)
    let linearized = try objective.linearize(at: weights)
    try linearized.hessianProduct(direction, into: product)
    weights.fill(0)
    _ = try objective.gradient(at: weights, batch: .examples([1, 2]), into: again)
    try linearized.hessianProduct(direction, into: again)
    #expect(again.array == product.array)
  }

  /// The outputs of a program as the executor computes them.
  private func run(_ program: Program, _ arguments: [Vector<Double>]) throws -> [[Double]] {
    let bindings = try Executable<Double>(program).makeBindings()
    for (index, argument) in arguments.enumerated() { bindings.bind(input: index, to: argument.all) }
    let outputs = program.outputs.map { Vector<Double>(count: program.type(of: $0.value).count) }
    for (index, output) in outputs.enumerated() { bindings.bind(output: index, to: output.all) }
    bindings.executable.run(bindings)
    return outputs.map(\.array)
  }
}
