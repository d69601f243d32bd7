import LinearAlgebra
import Schema
import Testing

@testable import Probes

@Suite struct EigenvectorQuantityTests {
  private let fixture: Fixture
  private let eigen: SymmetricEigen

  init() throws {
    fixture = try Fixture()
    eigen = try #require(SymmetricEigen(fixture.hessian(), dimension: fixture.count))
  }

  @Test func alignmentsAreThoseWithTheDenseEigenvectors() throws {
    let point = try fixture.point(fixture.optimizer())
    let measured = try fixture.probe(AlignmentConfiguration(), top: 4).measure(at: point)
    let alignments = try #require(measured.quantities["gradient_alignments"])
    #expect(alignments.count == 4)
    #expect(alignments[0] == measured.gradientAlignment)
    for (index, alignment) in alignments.enumerated() {
      let vector = Vector(Array(eigen.vector(fixture.count - 1 - index)))
      let cosine = vector.dot(point.gradient) / point.gradient.norm
      #expect(abs(alignment - cosine * cosine) < 1e-6)
    }
  }

  @Test func theSameWeightsOverlapFully() throws {
    let probe = fixture.probe(OverlapConfiguration(), top: 3)
    let point = try fixture.point(fixture.optimizer())
    #expect(try probe.measure(at: point).quantities.isEmpty)
    let measured = try probe.measure(at: point).quantities
    for name in ["hessian_overlaps", "preconditioned_overlaps"] {
      let overlaps = try #require(measured[name])
      #expect(overlaps.count == 3)
      #expect(overlaps.allSatisfy { abs($0 - 1) < 1e-6 && $0 <= 1 })
    }
  }

  /// Between two points the overlap is that of the dense eigenvectors.
  @Test func overlapsAreThoseOfTheDenseEigenvectors() throws {
    let probe = fixture.probe(OverlapConfiguration(), top: 2)
    _ = try probe.measure(at: fixture.point(fixture.optimizer()))
    let before = (1...2).map { Vector(Array(eigen.vector(fixture.count - $0))) }
    Philox(seed: 9, stream: .data).fillNormal(fixture.weights.all, standardDeviation: 0.7)
    let now = try #require(SymmetricEigen(fixture.hessian(), dimension: fixture.count))
    let measured = try probe.measure(at: fixture.point(fixture.optimizer())).quantities
    let overlaps = try #require(measured["hessian_overlaps"])
    for (index, overlap) in overlaps.enumerated() {
      let vector = Vector(Array(now.vector(fixture.count - 1 - index)))
      let exact = before.reduce(0) { $0 + vector.dot($1) * vector.dot($1) }
      #expect(abs(overlap - exact) < 1e-6)
      #expect(exact < 0.99)
    }
  }
}
