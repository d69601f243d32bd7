import LinearAlgebra
import Optimizers
import Schema
import Testing

@testable import Probes

@Suite struct TraceTests {
  @Test func theTraceOfADiagonalMatrixHasNoError() throws {
    let estimate = try Trace<Double>(probes: 3).estimate(
      DiagonalMatrix([4, -1, 0.5, 2]), Philox(seed: 5, stream: .trace))
    #expect(estimate.mean == 5.5)
    #expect(estimate.standardError == 0)
  }

  /// Where the errors are normal, a share of 0.997 lies within three of them; some more for small samples.
  @Test func theTraceLiesWithinItsStandardErrors() throws {
    let fixture = try Fixture()
    let exact = try trace(fixture.hessian(), fixture.count)
    var outside = 0
    for seed in 0..<40 {
      let probe = fixture.probe(TraceConfiguration(probes: 20), seed: UInt64(seed))
      let measured = try probe.measure(at: fixture.point(fixture.optimizer())).quantities
      let (estimate, error) = (try #require(measured["hessian_trace"]), measured["hessian_trace_error"]?[0])
      if abs(estimate[0] - exact) > 3 * (try #require(error)) { outside += 1 }
      #expect(measured["preconditioned_trace"] == measured["hessian_trace"])
    }
    #expect(outside <= 3)
  }

  /// The variance of one probe is twice the sum of squares off the diagonal.
  @Test func theStandardErrorIsThatOfHutchinson() throws {
    let fixture = try Fixture()
    let (matrix, count) = (try fixture.hessian(), fixture.count)
    let squares = matrix.indices.reduce(0) { $1 % (count + 1) == 0 ? $0 : $0 + matrix[$1] * matrix[$1] }
    let probes = 2000
    let measured = try fixture.probe(TraceConfiguration(probes: probes)).measure(
      at: fixture.point(fixture.optimizer()))
    let error = try #require(measured.quantities["hessian_trace_error"]?[0])
    #expect(abs(error / (2 * squares / Double(probes)).squareRoot() - 1) < 0.1)
    #expect(measured.products > probes)
  }

  @Test func thePreconditionedTraceIsThatOfTheScaledMatrix() throws {
    let fixture = try Fixture()
    let (matrix, count, optimizer) = (
      try fixture.hessian(), fixture.count, fixture.optimizer(OptimizerConfiguration("adam"))
    )
    let point = try fixture.point(optimizer)
    let diagonal = Vector<Double>(count: count)
    #expect(optimizer.preconditioner(into: diagonal))
    let exact = (0..<count).reduce(0) { $0 + matrix[$1 * count + $1] / diagonal[$1] }
    let measured = try fixture.probe(TraceConfiguration(probes: 200)).measure(at: point).quantities
    let error = try #require(measured["preconditioned_trace_error"]?[0])
    #expect(abs(try #require(measured["preconditioned_trace"]?[0]) - exact) < 4 * error)
    let without = try fixture.probe(TraceConfiguration(probes: 2), preconditioned: false).measure(at: point)
      .quantities
    #expect(without["hessian_trace"] != nil && without["preconditioned_trace"] == nil)
  }

  /// `tr (H + delta I) = tr H + n delta`, without a further product.
  @Test func coupledDecayTakesNoProducts() throws {
    let (fixture, delta) = (try Fixture(), 0.3)
    let decayed = fixture.optimizer(OptimizerConfiguration("gd", [.weightDecay: .real(delta)]))
    let measured = try fixture.probe(TraceConfiguration(probes: 50)).measure(at: fixture.point(decayed))
    let plain = try fixture.probe(TraceConfiguration(probes: 50)).measure(
      at: fixture.point(fixture.optimizer()))
    #expect(measured.products == plain.products)
    let trace = try #require(plain.quantities["hessian_trace"]?[0])
    let shifted = try #require(measured.quantities["preconditioned_trace"]?[0])
    #expect(measured.quantities["hessian_trace"]?[0] == trace)
    #expect(abs(shifted - trace - Double(fixture.count) * delta) < 1e-12 * shifted)
    let errors = ["hessian_trace_error", "preconditioned_trace_error"].map { measured.quantities[$0] }
    #expect(errors[0] != nil && errors[0] == errors[1])
  }
}
