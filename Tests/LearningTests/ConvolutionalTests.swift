import Datasets
import LinearAlgebra
import Problems
import TensorProgram
import Testing

@testable import Learning

@Suite struct ConvolutionalTests {
  static let cifar = ImageShape(channels: 3, height: 32, width: 32)

  private func model(_ configuration: CNNConfiguration, _ image: ImageShape?, outputs: Int) throws
    -> any Model
  {
    try ModelConfiguration.cnn(configuration)
      .makeModel(features: image?.count ?? 7, outputs: outputs, image: image)
  }

  @Test func papersNetworksHaveTheirNumberOfParameters() throws {
    #expect(try model(CNNConfiguration(), Self.cifar, outputs: 10).layout.count == 30_634)
    let centralFlows = CNNConfiguration(
      channels: [32, 64], hidden: [128], activation: .gelu, bias: false, outputBias: true)
    let layout = try model(centralFlows, Self.cifar, outputs: 10).layout
    #expect(layout.count == 32 * 27 + 64 * 288 + 128 * 4096 + 10 * 128 + 10)
    #expect(
      layout.segments.map(\.name) == [
        "layer1.weight", "layer2.weight", "layer3.weight", "layer4.weight", "layer4.bias",
      ])
    #expect(
      layout.segments.map(\.shape) == [[32, 3, 3, 3], [64, 32, 3, 3], [128, 4096], [10, 128], [10]])
  }

  /// `out c kh kw` multiplications for every pixel of an output.
  @Test func multiplicationsAreCounted() throws {
    let model = try model(CNNConfiguration(), Self.cifar, outputs: 10)
    #expect(model.multiplications == 1024 * 32 * 27 + 256 * 32 * 288 + 2048 * 10)
  }

  /// One 2 x 2 convolution over a 3 x 3 image, pooled to one pixel, and an affine output, by hand.
  @Test(arguments: [(.average, 3), (.max, 12)] as [(CNNConfiguration.Pooling, Double)])
  func forwardIsTheFormula(pooling: CNNConfiguration.Pooling, pooled: Double) throws {
    let configuration = CNNConfiguration(
      channels: [1], kernel: 2, padding: 0, pooling: pooling, activation: .relu)
    let model = try model(configuration, ImageShape(channels: 1, height: 3, width: 3), outputs: 2)
    var builder = ProgramBuilder(name: "forward")
    let x = builder.input("x", TensorType([1, 9], .double))
    let parameters = model.layout.segments.map { builder.input($0.name, TensorType($0.shape, .double)) }
    builder.output("y", model.forward(&builder, input: x, parameters: parameters))
    // The windows' first pixel less twice their last: 0 - 8, 1 - 10, 3 - 14, 4 + 6; and 2 more.
    let image: [Double] = [0, 1, 2, 3, 4, 5, 6, 7, -3]
    let y = builder.build().evaluate([image, [1, 0, 0, -2], [2], [1, -1], [0.5, 0]])[0]
    // relu([-6, -7, -9, 12]) = [0, 0, 0, 12].
    #expect(y == [pooled + 0.5, -pooled])
  }

  @Test func weightsAreUniformByTheirFanIn() throws {
    let weights: Vector<Double> = try model(CNNConfiguration(gains: [1, 2]), Self.cifar, outputs: 10)
      .initialWeights(seed: 3, as: Double.self)
    let bounds = [(0..<896, 1 / 27.0.squareRoot()), (896..<10_112, 2 / 288.0.squareRoot())]
    for (range, bound) in bounds {
      let largest = weights.slice(range).array.map(abs).max() ?? 0
      #expect(largest <= bound && largest > 0.99 * bound)
    }
  }

  @Test func whatDoesNotFitNamesTheKey() {
    let small = ImageShape(channels: 1, height: 5, width: 4)
    for (configuration, image, key) in [
      (CNNConfiguration(), nil, "model.name"),
      (CNNConfiguration(channels: [2, 2, 2]), small, "model.channels"),
      (CNNConfiguration(channels: [2, 0]), small, "model.channels"),
      (CNNConfiguration(kernel: 7, padding: 0), small, "model.kernel"),
      (CNNConfiguration(kernel: 0), small, "model.kernel"),
      (CNNConfiguration(padding: -1), small, "model.padding"),
      (CNNConfiguration(hidden: [0]), small, "model.hidden"),
      (CNNConfiguration(gains: [1, 1, 1, 1]), small, "model.gains"),
    ] as [(CNNConfiguration, ImageShape?, String)] {
      let error = #expect(throws: Problem.self) { try model(configuration, image, outputs: 2) }
      #expect(error?.subject == key)
    }
  }
}
