public import LinearAlgebra
public import Optimizers

/// The flows that there are, by their names in job files.
public enum FlowKind: String, Sendable, Hashable, CaseIterable {
  /// `GradientFlow`.
  case gradientFlow = "gradient-flow"
  /// `StableFlow`.
  case stableFlow = "stable-flow"
  /// `CentralFlow`.
  case centralFlow = "central-flow"
  /// `RodFlow`.
  case rodFlow = "rod-flow"

  /// Whether it needs third derivatives, so that the loss has to be smooth.
  public var needsThirdDerivatives: Bool { self == .centralFlow }

  /// Why an optimizer has no such flow, as the end of a sentence; nil where it has one.
  public func obstacle(to optimizer: OptimizerConfiguration) -> String? {
    guard let geometry = FlowGeometry(optimizer) else { return FlowGeometry.obstacle(to: optimizer) }
    let isForDescent = self == .gradientFlow || self == .rodFlow
    return isForDescent && geometry != .gradientDescent ? "\(rawValue) is a flow of gd only" : nil
  }

  /// Makes the flow of an optimizer that has taken no step.
  ///
  /// - Parameters:
  ///   - objective: the loss.
  ///   - geometry: the optimizer's.
  ///   - settings: how it is integrated.
  ///   - seed: the run's, from which the directions of searches for eigenvectors are drawn.
  /// - Returns: the flow, which has seen no gradient.
  public func makeFlow<Scalar: RealScalar>(
    _ objective: any FlowObjective<Scalar>, _ geometry: FlowGeometry, settings: FlowSettings = FlowSettings(),
    seed: UInt64
  ) -> any Flow<Scalar> {
    switch self {
    case .gradientFlow: GradientFlow(objective, settings: settings, seed: seed)
    case .stableFlow: StableFlow(objective, geometry, settings: settings, seed: seed)
    case .centralFlow: CentralFlow(objective, geometry, settings: settings, seed: seed)
    case .rodFlow: RodFlow(objective, settings: settings, seed: seed)
    }
  }
}
