import LinearAlgebra
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
    let problem = Problem<Double>(activation: activation, loss: loss.0, task: loss.1)
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
    try objective.linearize(at: weights)
    let direction = Vector<Double>(count: weights.count), product = Vector<Double>(count: weights.count)
    for index in 0..<weights.count {
      direction.fill(0)
      direction[index] = 1
      try objective.hessianProduct(direction, into: product)
      for (value, expected) in zip(product.array, hessian[index]) { #expect(abs(value - expected) < 1e-8) }
    }
  }

  @Test func productsKeepTheWeightsOfTheLinearisation() throws {
    let problem = Problem<Double>(loss: .crossEntropy)
    let objective = try problem.objective()
    let weights = try problem.weights()
    let direction = randomVector(weights.count, seed: 1, as: Double.self)
    let product = Vector<Double>(count: weights.count), again = Vector<Double>(count: weights.count)
    try objective.linearize(at: weights)
    try objective.hessianProduct(direction, into: product)
    weights.fill(0)
    _ = try objective.gradient(at: weights, batch: .examples([1, 2]), into: again)
    try objective.hessianProduct(direction, into: again)
    #expect(again.array == product.array)
  }
}
