import Foundation
import LinearAlgebra
import Problems
import Testing

@testable import Datasets

@Suite struct SyntheticDataTests {
  @Test(arguments: 0...7) func chebyshevIsTheCosineOfAMultipleAngle(degree: Int) throws {
    let data = try DataConfiguration.chebyshev(ChebyshevData(degree: degree)).load(as: Double.self)
    #expect(data.training.count == 20)
    #expect(data.training.inputs[0] == -1 && data.training.inputs[19] == 1)
    for index in 0..<20 {
      let x = data.training.inputs[index]
      #expect(abs(data.training.targets[index] - cos(Double(degree) * acos(x))) < 1e-12)
    }
  }

  @Test func deepLinearInputsAreWhiteAndTargetsLinear() throws {
    let (n, d) = (12, 5)
    let data = try DataConfiguration.deepLinear(DeepLinearData(examples: n, dimension: d)).load(
      as: Double.self)
    let x = data.training.inputs, y = data.training.targets
    var map = [Double](repeating: 0, count: d * d)
    for i in 0..<d {
      for j in 0..<d {
        let gram = (0..<n).reduce(0) { $0 + x[$1 * d + i] * x[$1 * d + j] } / Double(n)
        #expect(abs(gram - (i == j ? 1 : 0)) < 1e-12)
        map[i * d + j] = (0..<n).reduce(0) { $0 + y[$1 * d + i] * x[$1 * d + j] } / Double(n)
      }
    }
    for e in 0..<n {
      for i in 0..<d {
        let image = (0..<d).reduce(0) { $0 + map[i * d + $1] * x[e * d + $1] }
        #expect(abs(image - y[e * d + i]) < 1e-12)
      }
    }
  }

  @Test func mixtureSpectrumFollowsThePowerLaw() throws {
    let configuration = GaussianMixtureData(
      examples: 20_000, features: 4, classes: 2, exponent: 1, separation: 0, testExamples: 3, targets: .signed
    )
    let data = try DataConfiguration.gaussianMixture(configuration).load(as: Double.self)
    let total = 1 + 1.0 / 2 + 1.0 / 3 + 1.0 / 4
    for feature in 0..<4 {
      let squares = (0..<20_000).reduce(0) { $0 + pow(data.training.inputs[$1 * 4 + feature], 2) }
      let expected = 4 / total / Double(feature + 1)
      #expect(abs(squares / 20_000 / expected - 1) < 0.05)  // five standard deviations
    }
    #expect(data.training.targets.array.prefix(3) == [-1, 1, -1])
    #expect(data.test?.count == 3)
    #expect(data.test?.inputs[0] != data.training.inputs[0])
  }

  @Test func separationMovesTheClassMeans() throws {
    let apart = GaussianMixtureData(examples: 2000, features: 3, classes: 2, separation: 10)
    let data = try DataConfiguration.gaussianMixture(apart).load(as: Double.self)
    func mean(_ label: Int) -> Double {
      stride(from: label, to: 2000, by: 2).reduce(0) { $0 + data.training.inputs[$1 * 3] } / 1000
    }
    #expect(abs(mean(0) - mean(1)) > 1)
  }

  @Test func seedDecidesTheData() throws {
    func inputs(_ seed: UInt64) throws -> [Float] {
      try DataConfiguration.gaussianMixture(GaussianMixtureData(examples: 5, seed: seed))
        .load(as: Float.self).training.inputs.array
    }
    #expect(try inputs(1) == inputs(1))
    #expect(try inputs(1) != inputs(2))
  }

  @Test(arguments: [
    DataConfiguration.chebyshev(ChebyshevData(degree: -1)), .chebyshev(ChebyshevData(points: 1)),
    .deepLinear(DeepLinearData(examples: 4, dimension: 5)), .deepLinear(DeepLinearData(dimension: 0)),
    .gaussianMixture(GaussianMixtureData(examples: 0)), .gaussianMixture(GaussianMixtureData(features: 0)),
    .gaussianMixture(GaussianMixtureData(classes: 1)), .gaussianMixture(GaussianMixtureData(exponent: -1)),
    .gaussianMixture(GaussianMixtureData(separation: -1)),
    .gaussianMixture(GaussianMixtureData(testExamples: -1)),
    .gaussianMixture(GaussianMixtureData(targets: .signed)),
  ]) func valuesOutOfRangeNameTheKey(configuration: DataConfiguration) {
    let error = #expect(throws: Problem.self) { try configuration.load(as: Float.self) }
    #expect(error?.subject.hasPrefix("data.") == true)
  }
}
