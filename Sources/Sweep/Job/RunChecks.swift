// Checks that need several keys of a run together.

internal import Learning

/// Checks of complete runs.
struct RunChecks {
  private let runs: [RunConfiguration]

  init(_ runs: [RunConfiguration]) {
    self.runs = runs
  }

  /// Reports what is wrong with the runs.
  func report(to log: inout ProblemLog) {
  }
}
