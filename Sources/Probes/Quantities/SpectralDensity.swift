package import Learning
package import LinearAlgebra
package import Schema
internal import Spectra

/// The spectral density of the Hessians at every so many measurements.
package struct DensityConfiguration: QuantityConfiguration {
  /// The number of random vectors.
  let probes: Int
  /// The nodes per vector.
  let steps: Int
  /// Measurements from one density to the next.
  let every: Int

  package init(probes: Int, steps: Int, every: Int) {
    (self.probes, self.steps, self.every) = (probes, steps, every)
  }

  private static let probesKey = Key(
    "measure.density_probes", .integer(1...10_000, or: ["none"]), default: "none",
    about: "Estimates the spectral density of the Hessians from so many random probes.")
  private static let stepsKey = Key(
    "measure.density_steps", .integer(1...1000), default: 32,
    about: "Nodes per probe of a spectral density, a product each.")
  private static let everyKey = Key(
    "measure.density_every", .integer(1...Int.max), default: 1,
    about: "Measurements from one spectral density to the next.")
  package static let keys = [probesKey, stepsKey, everyKey]

  package static let nodes = VariablePair(
    "density_nodes", "nodes of the spectral density of H", "nodes of that of P^-1/2 H P^-1/2",
    per: .densityNode)
  package static let weights = VariablePair(
    "density_weights", "their weights, which sum to 1", "their weights, which sum to 1", per: .densityNode)
  package static let variables = [nodes, weights].variables

  package init?(_ settings: Settings) {
    guard let probes: Int = settings.value(Self.probesKey, as: Int?.self) else { return nil }
    self.init(
      probes: probes, steps: settings.value(Self.stepsKey), every: settings.value(Self.everyKey))
  }

  package func expectedProducts(_ scale: QuantityScale) -> Double {
    Double(probes * steps) * scale.spectra / Double(every)
  }

  package func makeQuantity<Scalar: RealScalar>(for objective: Objective<Scalar>) -> any Quantity<Scalar> {
    SpectralDensity(probes: probes, steps: steps, every: every)
  }
}

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

  func measure(at point: MeasurementPoint<Scalar>) throws -> [Variable: [Double]] {
    guard point.index % every == 0 else { return [:] }
    let random = point.random(.density)
    return try point.overSpectra(slopes: [DensityConfiguration.nodes: 1]) {
      try density(of: $0.matrix, random)
    }
  }

  private func density(
    of matrix: any SymmetricOperator<Scalar>, _ random: Philox
  ) throws -> [VariablePair: [Double]] {
    let start = Vector<Scalar>(count: matrix.dimension)
    var (nodes, weights): ([Double], [Double]) = ([], [])
    for probe in 0..<probes {
      random.fillSigns(start.all, first: UInt64(probe) * UInt64(start.count))
      let quadrature = try GaussQuadrature(of: matrix, from: start, steps: steps, workspace: workspace)
      guard let quadrature else { return [:] }
      nodes += quadrature.nodes
      weights += quadrature.weights.map { $0 / Double(probes) }
    }
    return [DensityConfiguration.nodes: nodes, DensityConfiguration.weights: weights]
  }
}
