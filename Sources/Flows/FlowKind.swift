import LinearAlgebra
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
    do throws(FlowGeometry.Obstacle) {
      return suits(try FlowGeometry.of(optimizer)) ? nil : "\(rawValue) is a flow of gd only"
    } catch {
      return error.reason
    }
  }

  /// Whether there is such a flow of an optimizer.
  func suits(_ geometry: FlowGeometry) -> Bool {
    geometry == .gradientDescent || self == .stableFlow || self == .centralFlow
  }

  /// How such a flow moves.
  func motion<Scalar: RealScalar>(
    parameters: Int, _ settings: FlowSettings, seed: UInt64
  ) -> any FlowMotion<Scalar> {
    let tracker = { CriticalTracker<Scalar>($0, settings, seed: seed) }
    return switch self {
    case .gradientFlow: GradientFlow(settings: settings, tracker: tracker(.largest))
    case .stableFlow: StableFlow(settings: settings, tracker: tracker(.largest))
    case .centralFlow: CentralFlow(settings: settings, tracker: tracker(.critical))
    case .rodFlow: RodFlow(settings: settings, seed: seed, rod: Vector(count: parameters))
    }
  }
}
