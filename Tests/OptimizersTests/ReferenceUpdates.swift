import Optimizers

/// One update after the textbook, element by element in `Double`: what the optimizers are checked against.
struct ReferenceUpdate {
  let configuration: OptimizerConfiguration
  var weights: [Double]
  var first: [Double]
  var second: [Double]
  var time = 0

  init(_ configuration: OptimizerConfiguration, weights: [Double]) {
    (self.configuration, self.weights) = (configuration, weights)
    (first, second) = (weights.map { _ in 0 }, weights.map { _ in 0 })
  }

  mutating func step(_ gradient: [Double], learningRate: Double) {
    time += 1
    for i in weights.indices {
      weights[i] -= learningRate * direction(i, gradient[i])
    }
  }

  private mutating func direction(_ i: Int, _ g: Double) -> Double {
    switch configuration {
    case .gradientDescent: return g
    case .heavyBall(let momentum):
      first[i] = momentum * first[i] + g
      return first[i]
    case .nesterov(let momentum):
      first[i] = momentum * first[i] + g
      return g + momentum * first[i]
    case .rmsprop(let beta2, let epsilon, let biasCorrection):
      second[i] = beta2 * second[i] + (1 - beta2) * g * g
      let corrected = biasCorrection ? second[i] / (1 - product(beta2)) : second[i]
      return g / (corrected.squareRoot() + epsilon)
    case .adam(let beta1, let beta2, let epsilon, let biasCorrection):
      first[i] = beta1 * first[i] + (1 - beta1) * g
      second[i] = beta2 * second[i] + (1 - beta2) * g * g
      guard biasCorrection else { return first[i] / (second[i].squareRoot() + epsilon) }
      let root = (second[i] / (1 - product(beta2))).squareRoot()
      return first[i] / (1 - product(beta1)) / (root + epsilon)
    }
  }

  private func product(_ beta: Double) -> Double { (0..<time).reduce(1) { power, _ in power * beta } }
}
