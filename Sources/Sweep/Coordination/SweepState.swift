internal import Files
public import Problems
public import Shards

/// Where a sweep stands, derived from its plan and the shards on disk.
public struct SweepState: Sendable {
  /// One planned run.
  public struct Entry: Sendable {
    /// The run's id.
    public let id: String
    /// How it ended; `pending` where it has neither shard nor checkpoint.
    public let status: RunStatus
    /// Steps recorded.
    public let steps: Int
    /// Where it was against its threshold; nil where it has no shard or nothing was measured.
    public let regime: Regime?
  }

  /// In plan order.
  public let entries: [Entry]
  /// What the user should know: damaged shards and the like.
  public let notes: [String]
  /// The shards that are there but cannot be read now; their runs count as pending here, and may not be.
  public let unreadable: [Problem]
  /// The shards that are not whole.
  let damaged: [String]
  /// The ids of the runs that are there but not planned, sorted.
  let strangers: [String]
  private let found: [String: (entry: ShardEntry, path: String)]

  /// Reads the state of the planned runs `identifiers`; with `checkingSeals` every file is read whole.
  ///
  /// - Throws: a problem where the directory of shards may not be read.
  public init(
    _ identifiers: [String], _ directory: OutputDirectory, checkingSeals: Bool = false
  ) throws(Problem) {
    var memory = ShardMemory(checkingSeals: checkingSeals)
    try self.init(identifiers, directory, &memory)
  }

  /// Reads the state of the planned runs `identifiers`; of the shards only those that changed since the memory was used
  /// last.
  init(
    _ identifiers: [String], _ directory: OutputDirectory, _ memory: inout ShardMemory
  ) throws(Problem) {
    var found: [String: (entry: ShardEntry, path: String)] = [:]
    found.reserveCapacity(identifiers.count)
    var (notes, damaged, unreadable): ([String], [String], [Problem]) = ([], [], [])
    for path in try directory.shards(of: identifiers) {
      switch memory.look(at: path) {
      case .runs(let runs):
        for run in runs where found[run.id].map({ run.supersedes($0.entry) }) ?? true {
          found[run.id] = (run, path)
        }
      case .damaged(let problem):
        damaged.append(path)
        notes.append("\(problem.subject): \(problem.sentence); what it held will be computed again")
      case .unreadable(let problem): unreadable.append(problem)
      case nil: break
      }
    }
    let saved = try SavedRuns(directory, &memory).places
    var planned: [ShardEntry] = []
    entries = identifiers.map { id in
      if let entry = found[id]?.entry {
        planned.append(entry)
        return Entry(id: id, status: entry.status, steps: entry.steps, regime: entry.regime)
      }
      let steps = saved[id]?.steps
      return Entry(id: id, status: steps == nil ? .pending : .interrupted, steps: steps ?? 0, regime: nil)
    }
    if let note = Self.mixture(planned) { notes.append(note) }
    let namesakes = try directory.namesakes()
    strangers =
      planned.count == found.count && namesakes.isEmpty
      ? [] : Set(found.keys).union(namesakes).subtracting(identifiers).sorted()
    (self.found, self.notes, self.damaged, self.unreadable) = (found, notes, damaged, unreadable)
  }

  /// The shard in which each run is found, those of runs that are not planned too.
  public var shards: [String: String] { found.mapValues(\.path) }

  /// The shard in which a run is found; nil where there is none.
  public func shard(of run: String) -> String? { found[run]?.path }

  /// A note where runs were computed under different numerics.
  private static func mixture(_ entries: [ShardEntry]) -> String? {
    if entries.allSatisfy({ $0.numerics == entries[0].numerics }) { return nil }
    let done = entries.filter { $0.status.isDone && !$0.numerics.isEmpty }
    let kinds = Dictionary(grouping: done, by: \.numerics).mapValues(\.count)
    guard kinds.count > 1 else { return nil }
    let parts = kinds.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($1) with \($0)" }
    return "the runs were computed under different numerics, so that bits may differ between them: "
      + parts.joined(separator: "; ")
  }

  /// Refuses to go on where a shard cannot be read: its run would be taken for one that has not ended.
  public func requireReadable() throws(Problem) {
    if let first = unreadable.first { throw first }
  }

  /// Indices of the runs that are still to be computed: a failed run is not done.
  public var pending: [Int] { entries.indices.filter { !entries[$0].status.isDone } }

  /// The steps that stand in checkpoints, by the index of the run.
  public var stepsSaved: [Int: Int] {
    let saved = entries.indices.filter { entries[$0].status == .interrupted }
    return Dictionary(uniqueKeysWithValues: saved.map { ($0, entries[$0].steps) })
  }

  /// How many runs have each status.
  public func count(_ status: RunStatus) -> Int { entries.count { $0.status == status } }

  /// How many runs were where against their threshold.
  public func count(_ regime: Regime) -> Int { entries.count { $0.regime == regime } }

  /// How many runs need no further work.
  public var done: Int { entries.count { $0.status.isDone } }
}
