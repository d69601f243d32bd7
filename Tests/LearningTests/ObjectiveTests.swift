import LinearAlgebra
import Problems
import Testing

@testable import Datasets
@testable import Learning

@Suite struct ObjectiveTests {
  /// A linear model with one feature and one output on `y = 0`: loss and derivatives in closed form.
  private func line(blockSize: Int) throws -> Objective<Double> {
    let model = try ModelConfiguration.mlp(MLPConfiguration(hidden: [], bias: false))
      .makeModel(features: 1, outputs: 1)
    let examples = Examples<Double>(
      count: 5, inputs: Vector([1, 2, 3, 4, 5]), targets: Vector([1, 1, 0, 0, -3]))
    let data = Dataset(name: "line", task: .regression, training: examples)
    return try Objective(model: model, loss: .mse, data: data, blockSize: blockSize)
  }

  @Test(arguments: 1...6) func meansAreOverExamplesWhateverTheBlocks(blockSize: Int) throws {
    let objective = try line(blockSize: blockSize)
    let weights = Vector<Double>([2]), gradient = Vector<Double>(count: 1)
    // Errors 1, 3, 6, 8, 13 of predictions 2, 4, 6, 8, 10.
    let full = try objective.gradient(at: weights, into: gradient)
    #expect(abs(full.loss - 0.5 * (1 + 9 + 36 + 64 + 169) / 5) < 1e-14)
    #expect(abs(gradient[0] - (1 + 6 + 18 + 32 + 65) / 5.0) < 1e-14)
    #expect(full.accuracy == nil)
    let part = try objective.gradient(at: weights, batch: .examples([4, 0, 2]), into: gradient)
    #expect(abs(part.loss - 0.5 * (169 + 1 + 36) / 3) < 1e-14)
    #expect(abs(gradient[0] - (65 + 1 + 18) / 3.0) < 1e-14)
    let product = Vector<Double>(count: 1)
    try objective.linearize(at: weights).hessianProduct(Vector([3]), into: product)
    #expect(abs(product[0] - 3 * (1 + 4 + 9 + 16 + 25) / 5.0) < 1e-13)
    try objective.linearize(at: weights, batch: .examples([4, 1]))
      .hessianProduct(Vector([3]), into: product)
    #expect(abs(product[0] - 3 * (25 + 4) / 2.0) < 1e-13)
  }

  @Test func accuracyCountsTheLargestOutput() throws {
    let model = try ModelConfiguration.mlp(MLPConfiguration(hidden: [], bias: false))
      .makeModel(features: 2, outputs: 2)
    let examples = Examples<Float>(
      count: 3, inputs: Vector([1, 0, 3, 4, 5, 6]), targets: Vector([1, 0, 1, 0, 0, 1]))
    let data = Dataset(name: "classes", task: .classification, training: examples, test: examples)
    let objective = try Objective(model: model, loss: .crossEntropy, data: data, blockSize: 2)
    let identity = Vector<Float>([1, 0, 0, 1]), gradient = Vector<Float>(count: 4)
    #expect(try objective.gradient(at: identity, into: gradient).accuracy == 2.0 / 3)
    #expect(try objective.gradient(at: identity, batch: .examples([1]), into: gradient).accuracy == 0)
    let test = try objective.evaluateTest(at: identity)
    #expect(test?.accuracy == 2.0 / 3)
    #expect(try abs((test?.loss ?? 0) - objective.gradient(at: identity, into: gradient).loss) < 1e-6)
  }

  @Test func accuracyCountsSigns() throws {
    let model = try ModelConfiguration.mlp(MLPConfiguration(hidden: [], bias: false))
      .makeModel(features: 1, outputs: 1)
    let examples = Examples<Double>(
      count: 4, inputs: Vector([1, -2, 3, 0]), targets: Vector([1, -1, -1, 1]))
    let data = Dataset(name: "signs", task: .signedClassification, training: examples)
    for loss in Loss.allCases {
      let objective = try Objective(model: model, loss: loss, data: data, blockSize: 3)
      let gradient = Vector<Double>(count: 1)
      #expect(try objective.gradient(at: Vector([2]), into: gradient).accuracy == 0.5)
      #expect(try objective.evaluateTest(at: gradient) == nil)
    }
  }

  @Test func minibatchIsTheObjectiveOfItsExamples() throws {
    let problem = SmallProblem<Double>(examples: 9, loss: .crossEntropy, blockSize: 2)
    let weights = try problem.weights()
    let chosen = [8, 3, 4, 0, 6]
    let data = problem.dataset()
    func rows(_ values: Vector<Double>, _ length: Int) -> Vector<Double> {
      Vector(chosen.flatMap { values.array[$0 * length..<($0 + 1) * length] })
    }
    let few = Examples(
      count: 5, inputs: rows(data.training.inputs, 3), targets: rows(data.training.targets, 3))
    let alone = try Objective(
      model: problem.model(), loss: problem.loss, data: Dataset(name: "", task: problem.task, training: few),
      blockSize: 2)
    let objective = try problem.objective()
    let gradient = Vector<Double>(count: weights.count), expected = Vector<Double>(count: weights.count)
    let loss = try objective.gradient(at: weights, batch: .examples(chosen), into: gradient)
    #expect(try loss == alone.gradient(at: weights, into: expected))
    #expect(gradient.array == expected.array)
  }

  @Test func crossEntropyNeedsClasses() throws {
    let problem = SmallProblem<Float>(loss: .crossEntropy, task: .regression)
    let error = #expect(throws: Problem.self) { try problem.objective() }
    #expect(error?.subject == "loss")
  }

  @Test func smallLossesSurviveLargeOutputs() throws {
    // Each loss is log(1 + exp(-12)), a small difference of large numbers.
    let model = try ModelConfiguration.mlp(MLPConfiguration(hidden: [], bias: false))
      .makeModel(features: 2, outputs: 2)
    let examples = Examples<Float>(
      count: 1000, inputs: Vector((0..<1000).flatMap { _ in [Float(52), 40] }),
      targets: Vector((0..<1000).flatMap { _ in [Float(1), 0] }))
    let data = Dataset(name: "easy", task: .classification, training: examples)
    let objective = try Objective(model: model, loss: .crossEntropy, data: data, blockSize: 1000)
    let loss = try objective.gradient(at: Vector([1, 0, 0, 1]), into: Vector(count: 4)).loss
    #expect(abs(loss - 6.1442e-6) < 4e-6)
  }
}
