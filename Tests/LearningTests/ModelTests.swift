import LinearAlgebra
import Problems
import TensorProgram
import Testing

@testable import Learning

@Suite struct ModelTests {
  private func model(_ configuration: MLPConfiguration, features: Int, outputs: Int) throws -> any Model {
    try ModelConfiguration.mlp(configuration).makeModel(features: features, outputs: outputs)
  }

  @Test func parametersStandInPyTorchOrder() throws {
    let layout = try model(MLPConfiguration(hidden: [3, 2]), features: 4, outputs: 5).layout
    #expect(
      layout.segments.map(\.name) == [
        "layer1.weight", "layer1.bias", "layer2.weight", "layer2.bias", "layer3.weight", "layer3.bias",
      ])
    #expect(layout.segments.map(\.shape) == [[3, 4], [3], [2, 3], [2], [5, 2], [5]])
    #expect(layout.segments.map(\.range) == [0..<12, 12..<15, 15..<21, 21..<23, 23..<33, 33..<38])
  }

  @Test func papersNetworksHaveTheirNumberOfParameters() throws {
    let wide = MLPConfiguration(hidden: [200, 200])
    #expect(try model(wide, features: 3072, outputs: 10).layout.count == 656_810)
    let deep = MLPConfiguration(hidden: [200, 200, 200, 200, 200])
    #expect(try model(deep, features: 3072, outputs: 10).layout.count == 777_410)
    let chebyshev = MLPConfiguration(hidden: [100], outputBias: false)
    #expect(try model(chebyshev, features: 1, outputs: 1).layout.count == 300)
    let linear = ModelConfiguration.deepLinear(DeepLinearConfiguration())
    #expect(try linear.makeModel(features: 50, outputs: 50).layout.count == 20 * 2500)
  }

  @Test func forwardIsTheFormula() throws {
    let model = try model(MLPConfiguration(hidden: [2], activation: .relu), features: 2, outputs: 1)
    var builder = ProgramBuilder(name: "forward")
    let x = builder.input("x", TensorType([2, 2], .double))
    let parameters = model.layout.segments.map { builder.input($0.name, TensorType($0.shape, .double)) }
    builder.output("y", model.forward(&builder, input: x, parameters: parameters))
    // relu([[1, 2], [3, 4]] [1, -1] + [0.5, 0.5]) = [0, 0]; of [2, 1]: [4.5, 10.5]; then [2, -1] h + 3.
    let result = builder.build().evaluate([[1, -1, 2, 1], [1, 2, 3, 4], [0.5, 0.5], [2, -1], [3]])
    #expect(result == [[3, 2 * 4.5 - 10.5 + 3]])
  }

  @Test(arguments: Activation.allCases) func activationsHaveTheirValues(activation: Activation) throws {
    let expected: [Activation: [Double]] = [
      .tanh: [-0.964027580075817, 0, 0.462117157260010],
      .relu: [0, 0, 0.5],
      .elu: [-0.864664716763387, 0, 0.5],
      .gelu: [-0.045500263896358, 0, 0.345731230637001],
      .hardtanh: [-1, 0, 0.5],
      .softplus: [0.126928011042973, 0.693147180559945, 0.974076984180107],
      .sigmoid: [0.119202922022118, 0.5, 0.622459331201855],
      .identity: [-2, 0, 0.5],
    ]
    var builder = ProgramBuilder(name: "activation")
    let x = builder.input("x", TensorType([3], .double))
    builder.output("y", activation.append(to: &builder, x))
    let values = builder.build().evaluate([[-2, 0, 0.5]])[0]
    for (value, expected) in zip(values, try #require(expected[activation])) {
      #expect(abs(value - expected) < 1e-14)
    }
  }

  @Test func configurationsOutOfRangeNameTheKey() {
    for (configuration, key) in [
      (MLPConfiguration(hidden: [3, 0]), "model.hidden"),
      (MLPConfiguration(hidden: [3], gains: [1, 1, 1]), "model.gains"),
      (MLPConfiguration(hidden: [3], gains: [0]), "model.gains"),
    ] {
      let error = #expect(throws: Problem.self) { try model(configuration, features: 1, outputs: 1) }
      #expect(error?.subject == key)
    }
    for configuration in [DeepLinearConfiguration(depth: 0), DeepLinearConfiguration(width: 0)] {
      #expect(throws: Problem.self) {
        try ModelConfiguration.deepLinear(configuration).makeModel(features: 2, outputs: 2)
      }
    }
  }
}
