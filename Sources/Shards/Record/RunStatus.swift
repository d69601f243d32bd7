/// What became of a run; the raw value is the word for it in the file.
public enum RunStatus: String, Sendable, Codable, CaseIterable {
  /// Not started, or started and not yet ended.
  case pending
  /// Ended where its stop conditions said.
  case finished
  /// Ended because its loss grew past the limit or was not finite: a result.
  case diverged
  /// Ended before its steps because what moves its weights, a flow, could not go on: a result.
  case halted
  /// Ended by an error.
  case failed
  /// Stopped by a time limit or a signal before its end.
  ///
  /// What was recorded of it stands in its checkpoint and in the merged file; it goes on another time.
  case interrupted

  /// The word for it in the file.
  public var name: String { rawValue }

  /// Whether it is a result, so that nothing is left to do: the run finished, diverged or was halted.
  public var isDone: Bool { [.finished, .diverged, .halted].contains(self) }
}
