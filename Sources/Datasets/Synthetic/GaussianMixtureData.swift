import Foundation
package import LinearAlgebra
package import Problems
package import Schema

/// Gaussian classes whose means and noise share a power-law spectrum, as natural images have.
///
/// Feature `i` (from 1) has variance `c i^-exponent`, with `c` so that the mean variance is 1. The mean of a class is
/// `separation` times a draw from that distribution, and an example is the mean of its class plus another draw.
/// Example `e` belongs to class `e mod classes`.
public struct GaussianMixtureData: Sendable, Hashable {
  /// The number of training examples, 1 or more.
  public var examples: Int
  /// The number of features, 1 or more.
  public var features: Int
  /// The number of classes, 2 or more.
  public var classes: Int
  /// The decay of the spectrum, 0 (white) or more.
  public var exponent: Double
  /// The scale of the class means against the noise, 0 or more.
  public var separation: Double
  /// The number of test examples, 0 or more.
  public var testExamples: Int
  /// How classes become targets.
  public var targets: TargetEncoding
  /// The seed of the data, independent of the run's seed, 0 or more.
  public var seed: UInt64

  /// Creates the configuration.
  public init(
    examples: Int = 1000, features: Int = 100, classes: Int = 10, exponent: Double = 1,
    separation: Double = 1, testExamples: Int = 0, targets: TargetEncoding = .oneHot, seed: UInt64 = 0
  ) {
    self.examples = examples
    self.features = features
    self.classes = classes
    self.exponent = exponent
    self.separation = separation
    self.testExamples = testExamples
    self.targets = targets
    self.seed = seed
  }
}

extension GaussianMixtureData: DataSource {
  package static let name = "gaussian-mixture"
  package static let standard = GaussianMixtureData()

  package static let bindings: [Binding<GaussianMixtureData>] =
    [
      Binding(\.examples, DataKeys.examples),
      Binding(\.features, Key("data.features", .integer(1...1_000_000), about: "Features.")),
      Binding(\.classes, DataKeys.classes),
      Binding(
        \.exponent,
        Key(
          "data.exponent", .real(.nonNegative),
          about: "Decay of the spectrum: feature i has variance proportional to i^-exponent.")),
      Binding(
        \.separation,
        Key(
          "data.separation", .real(.nonNegative), about: "Scale of the class means against the noise.")),
      Binding(\.testExamples, DataKeys.testExamples),
      Binding(\.targets, DataKeys.targets),
      Binding(\.seed, DataKeys.seed),
    ]

  /// Example `e` belongs to class `e mod classes`.
  package func foreseen() throws(Problem) -> DatasetSummary? {
    let outputs = try targets.outputs(classes: classes)
    // Class means are drawn too.
    try requireRoom(examples + testExamples + classes, by: max(features, outputs))
    return DatasetSummary(
      examples: examples, features: features, outputs: outputs,
      classCounts: (0..<classes).map { (examples - $0 + classes - 1) / classes },
      testExamples: testExamples)
  }

  package func load<Scalar: RealScalar>(as scalar: Scalar.Type) throws(Problem) -> Dataset<Scalar> {
    try checkRanges()
    let training = try draw(examples, from: 0, as: scalar)
    let test = testExamples == 0 ? nil : try draw(testExamples, from: examples, as: scalar)
    return Dataset(name: Self.name, task: LearningTask(targets), training: training, test: test)
  }

  /// Standard deviations by feature: variances follow the power law and have the mean 1.
  private var deviations: [Double] {
    let powers = (1...features).map { ElementaryFunctions.power(Double($0), -exponent) }
    let total = powers.reduce(0, +)
    return powers.map { ($0 * Double(features) / total).squareRoot() }
  }

  /// Row `r` of one long matrix of normal draws is the mean of class `r`, or the noise of example `r - classes`.
  private func draw<Scalar: RealScalar>(
    _ count: Int, from first: Int, as scalar: Scalar.Type
  ) throws(Problem) -> Examples<Scalar> {
    let means = normalRows(classes, from: 0)
    let noise = normalRows(count, from: classes + first)
    let deviations = deviations
    let labels = (first..<first + count).map { $0 % classes }
    let inputs = Vector<Scalar>(count: count * features)
    for (row, label) in labels.enumerated() {
      for feature in 0..<features {
        let centred = separation * means[label * features + feature] + noise[row * features + feature]
        inputs[row * features + feature] = Scalar(deviations[feature] * centred)
      }
    }
    return Examples(
      count: count, inputs: inputs, targets: try targets.targets(of: labels, classes: classes, as: scalar))
  }

  private func normalRows(_ count: Int, from first: Int) -> Vector<Double> {
    let rows = Vector<Double>(count: count * features)
    Philox(seed: seed, stream: .data).fillNormal(rows.all, first: UInt64(first * features))
    return rows
  }
}
