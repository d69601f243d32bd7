import Datasets
public import Learning
public import LinearAlgebra
public import Spectra

/// A quantity a job asks for, with its settings.
public enum QuantityConfiguration: Hashable, Sendable {
  /// The trace of the Hessians from so many random probes.
  case trace(probes: Int)
  /// The spectral density of the Hessians at every so many measurements.
  case density(probes: Int, steps: Int, every: Int)
  /// The largest eigenvalue of every layer's block of the Hessian.
  case perLayer(BlockKrylov, coldInterval: Int?)
  /// The squared cosines of the gradient with the top eigenvectors.
  case alignments
  /// The projections of the top eigenvectors onto the last ones.
  case overlaps
  /// The curvature along the update, and its relative progress.
  case direction
  /// Batch sharpness, from so many batches.
  case batchSharpness(batches: Int)
  /// The largest eigenvalue of the Hessian of the step's batch.
  case batchHessian(BlockKrylov, coldInterval: Int?)
  /// The gradient noise scale, from so many batches.
  case noiseScale(batches: Int)

  /// Makes what measures it along one run.
  public func makeQuantity<Scalar: RealScalar>(for objective: Objective<Scalar>) -> any Quantity<Scalar> {
    switch self {
    case .trace(let probes): Trace(probes: probes)
    case .density(let probes, let steps, let every):
      SpectralDensity(probes: probes, steps: steps, every: every)
    case .perLayer(let solver, let coldInterval):
      LayerSharpness(layout: objective.layout, solver: solver, coldInterval: coldInterval)
    case .alignments: GradientAlignments()
    case .overlaps: SubspaceOverlaps()
    case .direction: UpdateDirection()
    case .batchSharpness(let batches): BatchSharpness(batches: batches)
    case .batchHessian(let solver, let coldInterval): BatchHessian(solver: solver, coldInterval: coldInterval)
    case .noiseScale(let batches): NoiseScale(batches: batches)
    }
  }
}

/// How large the run is of which a quantity's cost is wanted.
public struct QuantityScale: Sendable {
  /// 2 where the preconditioned Hessian is measured too, else 1.
  public var spectra: Double
  /// The layers of the network that have parameters.
  public var layers: Double
  /// Examples per step, over those of which the Hessian is measured.
  public var batchShare: Double
  /// All training examples, over those of which the Hessian is measured.
  public var fullShare: Double
  /// Whether steps see all examples.
  public var hasFullBatches: Bool

  /// Takes the shares from numbers of examples.
  public init(
    _ layout: ParameterLayout, spectra: Double, batchSize: Int, examples: Int, measuredExamples: Int
  ) {
    self.spectra = spectra
    layers = Double(layout.layers.count)
    batchShare = Double(batchSize) / Double(measuredExamples)
    fullShare = Double(examples) / Double(measuredExamples)
    hasFullBatches = batchSize == examples
  }
}

extension QuantityConfiguration {
  /// Products that one eigenvalue takes once its search starts from the last vectors.
  private static let productsPerEigenvalue = 3.0

  /// What it takes per measurement, in Hessian products over the measured examples; a gradient counts as half
  /// a product, and so does moving the Hessian to other examples.
  public func expectedProducts(_ scale: QuantityScale) -> Double {
    let batchPart = scale.hasFullBatches ? 0 : scale.batchShare
    switch self {
    case .trace(let probes): return Double(probes) * scale.spectra
    case .density(let probes, let steps, let every):
      return Double(probes * steps) * scale.spectra / Double(every)
    case .perLayer: return scale.layers * Self.productsPerEigenvalue
    case .alignments, .overlaps: return 0
    case .direction: return 1 + scale.fullShare / (scale.hasFullBatches ? 2 : 1)
    case .batchSharpness(let batches): return scale.hasFullBatches ? 1 : Double(batches) * 1.5 * batchPart
    case .batchHessian: return (Self.productsPerEigenvalue + 0.5) * batchPart
    case .noiseScale(let batches):
      return scale.hasFullBatches ? 0 : (Double(batches) * batchPart + scale.fullShare) / 2
    }
  }
}
