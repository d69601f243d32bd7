import LinearAlgebra
import Testing

@testable import Datasets
@testable import Learning

/// Random numbers for tests, from one seed.
func randomVector<Scalar: RealScalar>(_ count: Int, seed: UInt64, as scalar: Scalar.Type) -> Vector<Scalar> {
  let values = Vector<Scalar>(count: count)
  Philox(seed: seed, stream: .probes).fillNormal(values.all)
  return values
}

/// Random examples with the targets of a task.
func randomExamples<Scalar: RealScalar>(
  _ count: Int, features: Int, outputs: Int, task: LearningTask, seed: UInt64
) -> Examples<Scalar> {
  let targets: Vector<Scalar> =
    switch task {
    case .regression: randomVector(count * outputs, seed: seed + 1, as: Scalar.self)
    case .classification:
      Vector((0..<count * outputs).map { $0 % outputs == ($0 / outputs * 7) % outputs ? 1 : 0 })
    case .signedClassification: Vector((0..<count).map { $0 % 3 == 0 ? 1 : -1 })
    }
  return Examples(
    count: count, inputs: randomVector(count * features, seed: seed, as: Scalar.self), targets: targets)
}

/// A small network on random data.
struct SmallProblem<Scalar: RealScalar> {
  var examples = 7
  var features = 3
  var hidden = [4, 3]
  var activation = Activation.tanh
  var loss = Loss.mse
  var task = LearningTask.classification
  var blockSize = 3
  /// A convolutional network over small images, instead of the fully-connected one.
  var convolutional: CNNConfiguration?
  static var image: ImageShape { ImageShape(channels: 2, height: 5, width: 6) }

  var outputs: Int { task == .signedClassification ? 1 : 3 }

  func model() throws -> any Model {
    if let convolutional {
      return try ModelConfiguration.cnn(convolutional)
        .makeModel(features: Self.image.count, outputs: outputs, image: Self.image)
    }
    let configuration = MLPConfiguration(hidden: hidden, activation: activation)
    return try ModelConfiguration.mlp(configuration).makeModel(features: features, outputs: outputs)
  }

  func dataset() -> Dataset<Scalar> {
    let image = convolutional == nil ? nil : Self.image
    let features = image?.count ?? features
    return Dataset(
      name: "random", task: task, image: image,
      training: randomExamples(examples, features: features, outputs: outputs, task: task, seed: 11),
      test: randomExamples(examples + 2, features: features, outputs: outputs, task: task, seed: 13))
  }

  func objective(
    _ group: any GroupReduction = SoloReduction(), residualMemory: Int = .max
  ) throws -> Objective<Scalar> {
    try Objective(
      model: model(), loss: loss, data: dataset(), blockSize: blockSize, reduction: group,
      residualMemory: residualMemory)
  }

  func weights() throws -> Vector<Scalar> { try model().initialWeights(seed: 5, as: Scalar.self) }
}
