import Learning
import LinearAlgebra
import Schema
import Testing

@testable import Probes

@Suite struct NoiseScaleTests {
  /// The sample covariance of the gradients of single examples, from one gradient each.
  private func covarianceTrace(_ fixture: Fixture) throws -> Double {
    let mean = try fixture.gradient()
    let squares = try (0..<fixture.examples).map { index in
      let gradient = try fixture.gradient(.examples([index]))
      gradient.add(mean, scaledBy: -1)
      return gradient.dot(gradient)
    }
    return squares.reduce(0, +) / Double(fixture.examples - 1)
  }

  /// Batches of one example, each once, leave no chance: the estimate is the sample covariance.
  @Test func ofEveryExampleOnceItIsTheSampleCovariance() throws {
    let fixture = try Fixture()
    let exact = try covarianceTrace(fixture)
    let point = try fixture.point(batch: .examples([0]), fixture.optimizer())
    let measured = try fixture.probe(NoiseScaleConfiguration(batches: fixture.examples)).measure(at: point)
      .quantities
    let trace = try #require(measured["gradient_noise_trace"]?[0])
    #expect(abs(trace - exact) < 1e-10 * exact)
    let gradient = try fixture.gradient()
    #expect(measured["full_gradient_norm"] == [gradient.norm])
    let scale = exact / (gradient.dot(gradient) - exact / Double(fixture.examples))
    #expect(abs(try #require(measured["gradient_noise_scale"]?[0]) - scale) < 1e-8 * abs(scale))
  }

  /// Batches of any size estimate the same number without bias.
  @Test(arguments: [2, 7, 20]) func doesNotDependOnTheSizeOfBatches(size: Int) throws {
    let fixture = try Fixture()
    let exact = try covarianceTrace(fixture)
    let point = try fixture.point(batch: .examples(Array(0..<size)), fixture.optimizer())
    let estimates = try (0..<20).map { seed in
      let probe = fixture.probe(NoiseScaleConfiguration(batches: 40), seed: UInt64(seed))
      return try #require(probe.measure(at: point).quantities["gradient_noise_trace"]?[0])
    }
    let sample = Sample(estimates)
    #expect(abs(sample.mean - exact) < 4 * sample.standardError)
    #expect(sample.standardError < 0.1 * exact)
  }

  @Test func fullBatchesHaveNoNoise() throws {
    let fixture = try Fixture()
    let point = try fixture.point(fixture.optimizer())
    #expect(try fixture.probe(NoiseScaleConfiguration(batches: 4)).measure(at: point).quantities.isEmpty)
  }
}
