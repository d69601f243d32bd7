/// What became of a run; the raw value is the flag in the file.
public enum RunStatus: Int8, Sendable, CaseIterable {
  /// Not started, or started and not yet ended.
  case pending
  /// Ended where its stop conditions said.
  case finished
  /// Ended because its loss grew past the limit or was not finite: a result.
  case diverged
  /// Ended by an error.
  case failed
  /// Stopped by a time limit or a signal, to be continued from its checkpoint.
  case interrupted

  /// The word for it in the file.
  public var name: String { "\(self)" }
}
