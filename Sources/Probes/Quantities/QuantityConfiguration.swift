public import Learning
package import LinearAlgebra
package import Schema

/// A quantity that a job asks for, with its settings: its keys, its variables, and what it costs.
package protocol QuantityConfiguration: Hashable, Sendable {
  /// The keys of job files that ask for it, or that shape it.
  static var keys: [Key] { get }

  /// The variables of the sweep file that it fills, in their order.
  static var variables: [Variable] { get }

  /// Reads what the settings of a run ask for; nil where they do not.
  init?(_ settings: Settings)

  /// What it takes per measurement, in Hessian products over the measured examples; a gradient counts as half
  /// a product, and so does linearising over other examples.
  func expectedProducts(_ scale: QuantityScale) -> Double

  /// Makes what measures it along one run.
  func makeQuantity<Scalar: RealScalar>(for objective: Objective<Scalar>) -> any Quantity<Scalar>
}

extension QuantityConfiguration {
  /// Products that one eigenvalue takes once its search starts from the last vectors.
  static var productsPerEigenvalue: Double { 3 }
}

/// The quantities that there are.
package enum Quantities {
  /// All, in the order of documentation and sweep files.
  package static let all: [any QuantityConfiguration.Type] = [
    TraceConfiguration.self, DensityConfiguration.self, LayerConfiguration.self, AlignmentConfiguration.self,
    OverlapConfiguration.self, DirectionConfiguration.self, BatchSharpnessConfiguration.self,
    BatchHessianConfiguration.self, NoiseScaleConfiguration.self, SketchConfiguration.self,
  ]

  /// Their keys.
  package static let keys: [Key] = all.flatMap { $0.keys }

  /// Their variables.
  package static let variables: [Variable] = all.flatMap { $0.variables }

  /// Those that a run asks for, in the order in which they are measured.
  static func wanted(_ settings: Settings) -> [any QuantityConfiguration] {
    all.compactMap { $0.init(settings) }
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
