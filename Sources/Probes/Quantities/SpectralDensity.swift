import Datasets
internal import LinearAlgebra
internal import Spectra

/// The spectral density by stochastic Lanczos quadrature (Ghorbani, Krishnan and Xiao 2019, arXiv
/// 1901.10159): the mean of Gauss quadratures seen from random vectors of signs.
///
/// Nodes and weights stand one probe after the other, ascending within each; all weights sum to 1, so that
/// `sum_k weights[k] f(nodes[k])` estimates the mean of `f` over the eigenvalues.
final class SpectralDensity<Scalar: RealScalar>: Quantity {
  private let probes: Int
  private let steps: Int
  private let every: Int
  private let workspace = Workspace<Scalar>()

  init(probes: Int, steps: Int, every: Int) { (self.probes, self.steps, self.every) = (probes, steps, every) }

  func measure(at point: MeasurementPoint<Scalar>) throws -> [String: [Double]] {
    guard point.index % every == 0 else { return [:] }
    let random = point.random(.density)
    return try point.overSpectra(slopes: ["density_nodes": 1]) { try density(of: $0.matrix, random) }
  }

  private func density(
    of matrix: any SymmetricOperator<Scalar>, _ random: Philox
  ) throws -> [String: [Double]] {
    let start = Vector<Scalar>(count: matrix.dimension)
    var (nodes, weights): ([Double], [Double]) = ([], [])
    for probe in 0..<probes {
      random.fillSigns(start.all, first: UInt64(probe) * UInt64(start.count))
      let quadrature = try GaussQuadrature(of: matrix, from: start, steps: steps, workspace: workspace)
      guard let quadrature else { return [:] }
      nodes += quadrature.nodes
      weights += quadrature.weights.map { $0 / Double(probes) }
    }
    return ["density_nodes": nodes, "density_weights": weights]
  }
}
