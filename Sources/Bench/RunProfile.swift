public import Jobs
public import Learning
import LinearAlgebra
import Training

/// Where the time of the parts of a run goes, over all training examples and on one rank.
public struct RunProfile: Sendable {
  /// Each part, in order.
  public let parts: [(part: ObjectivePart, profile: PartProfile)]

  /// Profiles each part for about `budget` seconds.
  public init(_ run: RunConfiguration, budget: Double) throws {
    switch run.precision {
    case .float: parts = try Self.measure(run, budget: budget, as: Float.self)
    case .double: parts = try Self.measure(run, budget: budget, as: Double.self)
    }
  }

  /// The time that the products of a part take alone, for so many examples; nil where convolutions do the work.
  public func productSeconds(_ part: ObjectivePart) -> Double? {
    parts.first { $0.part == part }?.profile.productSeconds
  }

  private static func measure<Scalar: RealScalar>(
    _ run: RunConfiguration, budget: Double, as: Scalar.Type
  ) throws -> [(part: ObjectivePart, profile: PartProfile)] {
    let experiment = try Experiment<Scalar>(run)
    let weights = experiment.model.initialWeights(seed: UInt64(run.seed), as: Scalar.self)
    return try ObjectivePart.allCases.map {
      ($0, try experiment.objective.profile($0, at: weights, budget: budget))
    }
  }
}
