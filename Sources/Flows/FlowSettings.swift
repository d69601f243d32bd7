/// How flows are integrated and their critical directions followed.
///
/// Eigenvalues are those of `P^-1 H` times the step size, so
/// that the edge of stability is at 2.
public struct FlowSettings: Sendable, Hashable {
  /// When the eigenvectors are computed again; in between they stay as they are in the coordinates `P^(1/2) w`.
  public enum Renewal: String, Sendable, Hashable, CaseIterable {
    /// At the beginning of every step.
    case step
    /// At the beginning of every substep.
    case substep
  }

  /// The fewest substeps of a step; nil: what suits the flow, 2 for central flows.
  ///
  /// Where the sharpness asks for more, more are done. Euler's method is of first order: on a small network 2 substeps led
  /// 0.03 to 1.1 % of the path away from where 8 did, less than the flow was from the optimizer, at half the cost of the 4
  /// that the paper takes.
  public var substeps: Int?
  /// Directions with larger eigenvalues may oscillate.
  public var criticality = 1.95
  /// Directions with larger eigenvalues are followed, and one below at least: what grows is known before it is critical.
  public var tracking = 1.8
  /// The largest residual of an eigenvector, relative to 2 or the largest eigenvalue.
  ///
  /// An eigenvalue's error is about the square of it; off-diagonal elements of the small problem are taken as they are.
  public var tolerance = 1e-4
  /// Hessian products allowed in one search for eigenvectors.
  public var maximumProducts = 400
  /// Every so many searches one starts cold; nil: only the first.
  public var coldInterval: Int? = 50
  /// When eigenvectors are computed again.
  public var renewal = Renewal.step
  /// Where an eigenvalue is larger, the flow ends.
  public var sharpnessLimit = 100.0
  /// Where more directions are critical, the flow ends.
  public var mostCritical = 20

  /// The default settings.
  public init() {}
}
