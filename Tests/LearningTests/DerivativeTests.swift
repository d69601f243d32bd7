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

  /// Along two directions, against differences of Hessian products, in both orders.
  private func expectThirdDerivative(_ problem: SmallProblem<Double>) throws {
    let objective = try problem.objective()
    let weights = try problem.weights()
    let directions = [1, 2].map { randomVector(weights.count, seed: $0, as: Double.self) }
    let results = (0..<5).map { _ in Vector<Double>(count: weights.count) }
    try objective.linearize(at: weights).thirdDerivatives(
      along: directions, pairs: [(0, 1), (1, 0), (1, 1)], products: Array(results[..<2]),
      thirdDerivatives: Array(results[2...]))

    func product(with u: Vector<Double>, at distance: Double, along v: Vector<Double>) throws -> [Double] {
      let moved = Vector<Double>(weights.array), product = Vector<Double>(count: weights.count)
      moved.add(v, scaledBy: distance)
      try objective.linearize(at: moved).hessianProduct(u, into: product)
      return product.array
    }
    for (direction, result) in zip(directions, results) {
      let expected = try product(with: direction, at: 0, along: direction)
      for (value, same) in zip(result.array, expected) { #expect(abs(value - same) < 1e-12) }
    }
    for (pair, result) in zip([(0, 1), (1, 1)], [results[2], results[4]]) {
      let (u, v) = (directions[pair.0], directions[pair.1])
      let (ahead, behind) = (
        try product(with: u, at: step, along: v), try product(with: u, at: -step, along: v)
      )
      let slopes = zip(ahead, behind).map { ($0 - $1) / (2 * step) }
      let scale = max(slopes.map(abs).max() ?? 0, 1)
      for (value, slope) in zip(result.array, slopes) { #expect(abs(value - slope) < 1e-7 * scale) }
    }
    for (value, same) in zip(results[2].array, results[3].array) { #expect(abs(value - same) < 1e-12) }
  }

  /// In single precision, against double.
  @Test(arguments: [Loss.mse, .crossEntropy]) func thirdDerivativesInSinglePrecision(loss: Loss) throws {
    func derivative<Scalar: RealScalar>(as: Scalar.Type) throws -> [Double] {
      let problem = SmallProblem<Scalar>(examples: 11, hidden: [9, 8], loss: loss, blockSize: 4)
      let weights = try SmallProblem<Double>(examples: 11, hidden: [9, 8], loss: loss).weights()
      let result = Vector<Scalar>(count: weights.count)
      let directions = [1, 2].map { seed in
        Vector<Scalar>(randomVector(weights.count, seed: seed, as: Double.self).array.map { Scalar($0) })
      }
      let products = directions.map { Vector<Scalar>(count: $0.count) }
      try problem.objective().linearize(at: Vector(weights.array.map { Scalar($0) })).thirdDerivatives(
        along: directions, pairs: [(0, 1)], products: products, thirdDerivatives: [result])
      return result.array.map { Double($0) }
    }
    let (single, double) = (try derivative(as: Float.self), try derivative(as: Double.self))
    let scale = double.map(abs).max() ?? 0
    for (value, expected) in zip(single, double) { #expect(abs(value - expected) < 1e-4 * scale) }
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
}
