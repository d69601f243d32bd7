// A job file after reading: the runs of the sweep, each completely determined.

/// How many ranks share a run.
public enum RanksPerRun: Hashable, Sendable {
  /// One while there are enough runs, more towards the end.
  case auto
  /// So many, a power of two.
  case fixed(Int)
}

/// What a job file asks for: its runs in the order of the file, each once.
public struct SweepPlan: Sendable {
  /// The sweep's name.
  public let name: String
  /// The runs, all different, in the order of the grid.
  public let runs: [RunConfiguration]
  /// How many ranks share a run.
  public let ranksPerRun: RanksPerRun
  /// The job as YAML, with overrides applied.
  public let yaml: String
  /// Things the user should know but that stop nothing, one sentence each.
  public let notes: [String]
}

extension SweepPlan {
  /// Keeps the first of runs that are the same, with a note.
  static func unique(_ runs: [RunConfiguration], notes: inout [String]) -> [RunConfiguration] {
    var seen: Set<String> = []
    let unique = runs.filter { seen.insert($0.id).inserted }
    let repeats = runs.count - unique.count
    if repeats > 0 {
      let points =
        repeats == 1
        ? "1 point of the grid repeats an earlier one" : "\(repeats) points of the grid repeat earlier ones"
      notes.append("\(points); each run is computed once.")
    }
    return unique
  }
}
