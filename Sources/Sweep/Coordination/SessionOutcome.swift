import Shards

/// What a session did, for the last lines the user reads.
public struct SessionOutcome: Sendable {
  /// Where the sweep stands now.
  public let state: SweepState
  /// Indices of the runs that this session was about.
  public let selection: Set<Int>
  /// How many runs this session brought to their end, failed ones too.
  public let computed: Int
  /// Runs that failed or could not be started, with the first line of their errors.
  public let failures: [(id: String, message: String)]
  /// A sentence for every shard that could not be merged.
  public let damaged: [String]
  /// What kept the session from going on or its results from being merged, and is no run's fault: a full disk and the
  /// like.
  public let obstacles: [String]
  /// Wall time.
  public let seconds: Double
  /// Seconds that what is left would take on these ranks, as far as that can be told.
  public let left: Double?
  /// How the ranks are to end.
  public let farewell: Farewell

  /// 0 all selected runs finished or diverged, 1 some failed, 75 work left.
  public var exitStatus: Int {
    let failed = Set(failures.map(\.id))
    if !obstacles.isEmpty { return 75 }
    let left = selection.map { state.entries[$0] }.filter { !$0.status.isDone }
    if left.contains(where: { $0.status != .failed && !failed.contains($0.id) }) { return 75 }
    return left.isEmpty && damaged.isEmpty ? 0 : 1
  }
}
