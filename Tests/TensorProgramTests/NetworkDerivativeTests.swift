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

  /// The three parts give what the one program does, and the Hessian product besides.
  @Test(arguments: cases)
  func thirdDerivativeInPartsIsTheThirdDerivative(_ network: Case) {
    let (program, parameters) = network.program
    var generator = SeededGenerator(seed: 14)
    let point = randomPoint(of: program, using: &generator)
    let sizes = program.gradient(withRespectTo: parameters).outputs.dropFirst(2).map {
      program.gradient(withRespectTo: parameters).type(of: $0.value).count
    }
    let (u, v) = (sizes.map { generator.vector($0) }, sizes.map { generator.vector($0) })
    let parts = program.thirdDerivativeParts(withRespectTo: parameters)
    let along = [u, v].map { evaluate(parts, at: point, along: $0, parameters) }
    let product = applyLinearization(program.hessianProduct(withRespectTo: parameters), at: point, to: u)
    #expect(distance(Array(along[0].outputs.prefix(parameters.count)), product) <= 1e-12 * norm(product))
    for (first, second) in [(0, 1), (1, 0), (0, 0)] {
      let directions = [u, v]
      let expected = program.thirdDerivative(withRespectTo: parameters)
        .evaluate(point + directions[first] + directions[second])
      let found = parts.pair.evaluate(
        parts.pair.inputs.map { input in
          let name = String(input.name.dropFirst(2))
          return switch input.name.prefix(2) {
          case "u.": along[first].values[name] ?? []
          case "v.": along[second].values[name] ?? []
          default: along[first].values[input.name] ?? []
          }
        })
      #expect(distance(found, expected) <= 1e-12 * norm(expected))
    }
  }

  /// What `direction` reads and writes, by name, and what it gives.
  private func evaluate(
    _ parts: ThirdDerivative, at point: [[Double]], along direction: [[Double]], _ parameters: [String]
  ) -> (values: [String: [Double]], outputs: [[Double]]) {
    let primal = parts.primal.evaluate(point)
    var values = Dictionary(uniqueKeysWithValues: zip(parameters, direction))
    for (number, residual) in parts.residuals.enumerated() {
      values["r\(number)"] =
        switch residual {
        case .input(let index): point[index]
        case .output(let index): primal[index]
        }
    }
    let outputs = parts.direction.evaluate(parts.direction.inputs.map { values[$0.name] ?? [] })
    for (port, value) in zip(parts.direction.outputs, outputs).dropFirst(parameters.count) {
      values[port.name] = value
    }
    return (values, outputs)
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
