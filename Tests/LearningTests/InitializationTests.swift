import LinearAlgebra
import Testing

@testable import Learning

@Suite struct InitializationTests {
  private func weights(_ configuration: MLPConfiguration, seed: UInt64 = 7) throws -> [[Double]] {
    let model = try ModelConfiguration.mlp(configuration).makeModel(features: 100, outputs: 50)
    let flat = model.initialWeights(seed: seed, as: Double.self).array
    return model.layout.segments.map { Array(flat[$0.range]) }
  }

  private func moments(_ values: [Double]) -> (mean: Double, deviation: Double, largest: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return (mean, variance.squareRoot(), values.map(abs).max() ?? 0)
  }

  @Test func uniformFanInFillsItsInterval() throws {
    let parts = try weights(MLPConfiguration(hidden: [400], gains: [2]))
    for (part, bound) in zip(parts, [0.2, 0.1, 0.05, 0.05]) {
      let (mean, deviation, largest) = moments(part)
      #expect(largest <= bound && largest > 0.9 * bound)
      #expect(abs(mean) < 5 * bound / (3 * Double(part.count)).squareRoot())
      #expect(abs(deviation / bound * 3.0.squareRoot() - 1) < 5 / Double(part.count).squareRoot())
    }
  }

  @Test func xavierNormalHasItsVarianceAndNoBias() throws {
    let parts = try weights(MLPConfiguration(hidden: [400], gains: [1.9], initialization: .xavierNormal))
    for (part, expected) in [
      (parts[0], 1.9 * (2.0 / 500).squareRoot()), (parts[2], (2.0 / 450).squareRoot()),
    ] {
      let (mean, deviation, largest) = moments(part)
      let relativeError = 1 / Double(part.count).squareRoot()
      #expect(abs(mean) < 5 * expected * relativeError)
      #expect(abs(deviation / expected - 1) < 5 * relativeError)
      #expect(largest > 3 * expected)
    }
    #expect(parts[1].allSatisfy { $0 == 0 } && parts[3].allSatisfy { $0 == 0 })
  }

  @Test func seedAloneDecides() throws {
    let configuration = MLPConfiguration(hidden: [5])
    #expect(try weights(configuration) == weights(configuration))
    #expect(try weights(configuration) != weights(configuration, seed: 8))
  }

  @Test func bothNumberFormatsBeginAlike() throws {
    let model = try ModelConfiguration.mlp(MLPConfiguration(hidden: [5])).makeModel(features: 3, outputs: 2)
    let double = model.initialWeights(seed: 3, as: Double.self).array
    #expect(model.initialWeights(seed: 3, as: Float.self).array == double.map { Float($0) })
  }
}
