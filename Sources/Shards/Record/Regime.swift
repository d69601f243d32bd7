/// Where a run was against its stability threshold; the raw value is the word for it in the file.
///
/// By the ratio of (preconditioned) sharpness to threshold at its measurements.
public enum Regime: String, Sendable, CaseIterable {
  /// The ratio never reached 1, or its median afterwards is below 0.75.
  case stable
  /// The ratio reached 1, and its median from then on is between 0.75 and 1.25.
  case edge
  /// The ratio reached 1, and its median from then on is larger.
  case above
  /// The run diverged.
  case diverged

  /// The word for it in the file.
  public var name: String { rawValue }
}

extension RunRecord {
  /// Where the run was against its threshold; nil where nothing was measured.
  public var regime: Regime? {
    get { text(.regime).flatMap(Regime.init) }
    set { set(.regime, newValue?.rawValue ?? "") }
  }
}
