import Learning
import LinearAlgebra
import Schema
import Spectra
import Testing

@testable import Probes

@Suite struct LayerSharpnessTests {
  private func solver(_ tolerance: Double, maximumProducts: Int = 200) -> BlockKrylov {
    BlockKrylov(count: 1, tolerance: tolerance, maximumProducts: maximumProducts)
  }

  @Test func isTheTopEigenvalueOfEachDiagonalBlock() throws {
    let fixture = try Fixture(hidden: [5, 4])
    let (matrix, count) = (try fixture.hessian(), fixture.count)
    let probe = fixture.probe(LayerConfiguration(solver: solver(1e-8), coldInterval: 50))
    let point = try fixture.point(fixture.optimizer())
    let layers = fixture.objective.layout.layers
    #expect(probe.labels["layer_name"] == layers.map(\.name))
    #expect(layers.count == 3)
    #expect(layers.map(\.range).reduce(0) { $0 + $1.count } == count)
    for _ in 0..<2 {
      let measured = try probe.measure(at: point).quantities
      let (values, residuals) = (measured["layer_sharpness"] ?? [], measured["layer_residuals"] ?? [])
      #expect(values.count == 3 && residuals.count == 3)
      #expect(measured["layer_converged"] == [1, 1, 1])
      for (layer, (value, residual)) in zip(layers, zip(values, residuals)) {
        let block = layer.range.flatMap { row in layer.range.map { matrix[row * count + $0] } }
        let exact = try #require(SymmetricEigen(block, dimension: layer.range.count)?.values.last)
        #expect(abs(value - exact) < 1e-8 * exact)
        #expect(residual <= 1e-8 * exact)
      }
    }
  }

  /// A block's largest eigenvalue is a Rayleigh quotient of the whole matrix.
  @Test func noLayerIsSharperThanTheNetwork() throws {
    let fixture = try Fixture(hidden: [6, 6])
    let measured = try fixture.probe(LayerConfiguration(solver: solver(1e-6), coldInterval: 50))
      .measure(at: fixture.point(fixture.optimizer()))
    let layers = try #require(measured.quantities["layer_sharpness"])
    #expect(layers.allSatisfy { $0 <= measured.hessian.values[0] * (1 + 1e-6) })
  }

  @Test func layersThatDidNotConvergeSaySo() throws {
    let fixture = try Fixture(hidden: [5, 4])
    let probe = fixture.probe(LayerConfiguration(solver: solver(1e-8, maximumProducts: 2), coldInterval: 50))
    let measured = try probe.measure(at: fixture.point(fixture.optimizer())).quantities
    #expect(measured["layer_converged"] == [0, 0, 0])
  }

  /// Where every search starts cold, the second one of the same matrix is no cheaper than the first.
  @Test(arguments: [1, 50]) func coldIntervalsHold(interval: Int) throws {
    let fixture = try Fixture(hidden: [5, 4])
    let probe = fixture.probe(
      LayerConfiguration(solver: solver(1e-6), coldInterval: interval),
      BatchHessianConfiguration(solver: solver(1e-6), coldInterval: interval))
    let point = try fixture.point(batch: .examples([1, 4, 9]), fixture.optimizer())
    let products = try (0..<2).map { _ in
      let measured = try probe.measure(at: point)
      return measured.products - measured.solves.hessian
    }
    #expect((products[1] < products[0] / 2) == (interval == 50), "\(products)")
  }

  @Test func layersAreParametersThatAgreeUpToTheLastDot() {
    var layout = ParameterLayout()
    layout.append("conv.weight", shape: [2, 3])
    layout.append("conv.bias", shape: [2])
    layout.append("head.0.weight", shape: [4])
    layout.append("scale", shape: [1])
    #expect(layout.layers.map(\.name) == ["conv", "head.0", "scale"])
    #expect(layout.layers.map(\.range) == [0..<8, 8..<12, 12..<13])
  }
}
