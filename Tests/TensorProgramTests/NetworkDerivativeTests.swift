import TensorProgram
import TestSupport
import Testing

/// Small networks: gradients, Hessian products and third derivatives.
@Suite struct NetworkDerivativeTests {
  struct Case: Sendable, CustomStringConvertible {
    let activation: Activation
    let loss: LossFunction
    var description: String { "\(activation) \(loss)" }
  }

  static let cases = Activation.allCases.flatMap { activation in
    LossFunction.allCases.map { Case(activation: activation, loss: $0) }
  }

  @Test(arguments: cases)
  func everyActivationWithEveryLossToThirdOrder(_ network: Case) {
    let (program, parameters) = network.program
    var generator = SeededGenerator(seed: 11)
    let point = randomPoint(of: program, using: &generator)
    checkDerivatives(of: program, at: point, withRespectTo: parameters, using: &generator)
  }

  @Test(arguments: cases)
  func gradientAgreesWithDifferences(_ network: Case) {
    let (program, parameters) = network.program
    var generator = SeededGenerator(seed: 12)
    let point = randomPoint(of: program, using: &generator)
    let gradient = program.gradient(withRespectTo: parameters)
    #expect(gradient.outputs.map(\.name) == ["loss", "prediction"] + parameters)
    let outputs = gradient.evaluate(point)
    #expect(distance(Array(outputs.prefix(2)), program.evaluate(point)) <= 1e-13 * norm(outputs))
    let derivative = Array(outputs.dropFirst(2))
    let direction = derivative.map { generator.vector($0.count) }
    let slope = difference(of: program, at: point, along: direction, withRespectTo: parameters)[0][0]
    #expect(abs(slope - dot(derivative, direction)) <= 1e-9 * norm(derivative) * norm(direction))
  }

  @Test(arguments: cases)
  func hessianProductIsTheDenseHessian(_ network: Case) {
    let (program, parameters) = network.program
    var generator = SeededGenerator(seed: 13)
    let point = randomPoint(of: program, using: &generator)
    let gradient = program.gradient(withRespectTo: parameters)
    let product = program.hessianProduct(withRespectTo: parameters)
    let sizes = gradient.evaluate(point).dropFirst(2).map(\.count)

    var products: [[[Double]]] = []
    for (parameter, size) in sizes.enumerated() {
      for element in 0..<size {
        var unit = sizes.map { [Double](repeating: 0, count: $0) }
        unit[parameter][element] = 1
        let column = difference(of: gradient, at: point, along: unit, withRespectTo: parameters).dropFirst(2)
        let exact = applyLinearization(product, at: point, to: unit)
        #expect(distance(exact, Array(column)) <= 1e-7 * norm(exact) + 1e-9)
        products.append(exact)
      }
    }
    let dense = products.map { Array($0.joined()) }
    for row in dense.indices {
      for column in 0..<row { #expect(abs(dense[row][column] - dense[column][row]) <= 1e-12) }
    }
  }

  @Test(arguments: cases)
  func thirdDerivativeIsThatOfTheHessianProductAndSymmetric(_ network: Case) {
    let (program, parameters) = network.program
    var generator = SeededGenerator(seed: 14)
    let point = randomPoint(of: program, using: &generator)
    let third = program.thirdDerivative(withRespectTo: parameters)
    #expect(third.outputs.map(\.name) == parameters)
    #expect(
      third.inputs.map(\.name).suffix(2 * parameters.count)
        == parameters.map { "u." + $0 } + parameters.map { "v." + $0 })

    let sizes = third.outputs.map { third.type(of: $0.value).count }
    let (u, v, w) = (
      sizes.map { generator.vector($0) }, sizes.map { generator.vector($0) },
      sizes.map { generator.vector($0) }
    )
    let value = third.evaluate(point + u + v)
    let product = program.gradient(withRespectTo: parameters)
      .pushforward(withRespectTo: parameters, outputs: parameters, prefix: "u.")
    let estimate = difference(of: product, at: point + u, along: v, withRespectTo: parameters)
    #expect(distance(value, Array(estimate.suffix(sizes.count))) <= 1e-7 * norm(value) + 1e-9)

    let scale = norm(value) * norm(w) + 1e-12
    #expect(abs(dot(value, w) - dot(third.evaluate(point + v + u), w)) <= 1e-12 * scale)
    #expect(abs(dot(value, w) - dot(third.evaluate(point + u + w), v)) <= 1e-11 * scale)
  }

  @Test func deeperNetworkToThirdOrder() {
    let (program, parameters) = network(
      widths: [3, 4, 3, 2, 2], examples: 5, activation: .gelu, loss: .crossEntropy)
    var generator = SeededGenerator(seed: 15)
    let point = randomPoint(of: program, using: &generator)
    checkDerivatives(of: program, at: point, withRespectTo: parameters, using: &generator)
  }
}

extension NetworkDerivativeTests.Case {
  var program: (program: Program, parameters: [String]) {
    network(widths: [3, 4, 2], examples: 5, activation: activation, loss: loss)
  }
}
