import Foundation
import LinearAlgebra
import Problems

extension GaussianMixtureData {
  func make<Scalar: RealScalar>(as scalar: Scalar.Type) throws(Problem) -> Dataset<Scalar> {
    try validate()
    let training = try draw(examples, from: 0, as: scalar)
    let test = testExamples == 0 ? nil : try draw(testExamples, from: examples, as: scalar)
    return Dataset(name: "gaussian-mixture", task: LearningTask(targets), training: training, test: test)
  }

  private func validate() throws(Problem) {
    try Problem.require(examples >= 1, "data.examples", "is \(examples)", remedy: "give 1 or more")
    try Problem.require(features >= 1, "data.features", "is \(features)", remedy: "give 1 or more")
    try Problem.require(classes >= 2, "data.classes", "is \(classes)", remedy: "give 2 or more")
    try Problem.require(exponent >= 0, "data.exponent", "is \(exponent)", remedy: "give 0 or more")
    try Problem.require(separation >= 0, "data.separation", "is \(separation)", remedy: "give 0 or more")
    try Problem.require(
      testExamples >= 0, "data.test_examples", "is \(testExamples)", remedy: "give 0 or more")
  }

  /// Standard deviations by feature: variances follow the power law and have the mean 1.
  private var deviations: [Double] {
    let powers = (1...features).map { pow(Double($0), -exponent) }
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
