import LinearAlgebra
import Optimizers
import Schema
import Testing

@testable import Probes

@Suite struct SpectralDensityTests {
  private func density(_ measured: [Variable: [Double]], _ name: String) throws -> [(Double, Double)] {
    let nodes = try #require(measured["\(name)_density_nodes"])
    let weights = try #require(measured["\(name)_density_weights"])
    #expect(nodes.count == weights.count)
    return Array(zip(nodes, weights))
  }

  /// With as many steps as parameters a probe of signs gives its own spectral measure, and the mean of `f =
  /// x` over it is Hutchinson's estimate of the mean eigenvalue.
  @Test func momentsOfManyProbesAreThoseOfTheSpectrum() throws {
    let fixture = try Fixture()
    let eigenvalues = try #require(SymmetricEigen(fixture.hessian(), dimension: fixture.count)).values
    let probe = fixture.probe(DensityConfiguration(probes: 400, steps: 12, every: 1))
    let measured = try probe.measure(at: fixture.point(fixture.optimizer()))
    let density = try density(measured.quantities, "hessian")
    #expect(density.count == 400 * 12)
    #expect(abs(density.reduce(0) { $0 + $1.1 } - 1) < 1e-12)
    for power in 1...4 {
      let moment = density.reduce(0) { sum, pair in
        sum + (0..<power).reduce(pair.1) { value, _ in value * pair.0 }
      }
      let exact = eigenvalues.reduce(0) { sum, x in sum + (0..<power).reduce(1) { value, _ in value * x } }
      #expect(abs(moment / (exact / Double(fixture.count)) - 1) < 0.15, "power \(power)")
    }
    #expect(
      measured.quantities["preconditioned_density_nodes"] == measured.quantities["hessian_density_nodes"])
  }

  @Test func theLargestNodeIsTheLargestEigenvalue() throws {
    let fixture = try Fixture()
    let probe = fixture.probe(DensityConfiguration(probes: 1, steps: 30, every: 1))
    let measured = try probe.measure(at: fixture.point(fixture.optimizer(OptimizerConfiguration("adam"))))
    for (name, spectrum) in [("hessian", measured.hessian), ("preconditioned", measured.preconditioned)] {
      let top = try #require(try density(measured.quantities, name).map(\.0).max())
      let exact = try #require(spectrum?.values.first)
      #expect(abs(top - exact) < 1e-6 * exact)
    }
  }

  /// Coupled weight decay moves the spectrum as a whole, without a further product.
  @Test func coupledDecayMovesTheNodes() throws {
    let (fixture, delta) = (try Fixture(), 0.3)
    let decayed = fixture.optimizer(OptimizerConfiguration("gd", [.weightDecay: .real(delta)]))
    let quantity = DensityConfiguration(probes: 2, steps: 5, every: 1)
    let measured = try fixture.probe(quantity).measure(at: fixture.point(decayed))
    let plain = try fixture.probe(quantity).measure(at: fixture.point(fixture.optimizer()))
    #expect(measured.products == plain.products)
    let (before, after) = (
      try density(plain.quantities, "hessian"), try density(measured.quantities, "preconditioned")
    )
    #expect(after.map(\.0) == before.map { $0.0 + delta })
    #expect(after.map(\.1) == before.map(\.1))
  }

  @Test func isTakenEverySoManyMeasurements() throws {
    let fixture = try Fixture()
    let probe = fixture.probe(DensityConfiguration(probes: 2, steps: 3, every: 2))
    let point = try fixture.point(fixture.optimizer())
    let taken = try (0..<5).map { _ in try probe.measure(at: point).quantities["hessian_density_nodes"]?.count
    }
    #expect(taken == [6, nil, 6, nil, 6])
  }
}
