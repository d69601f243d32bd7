import Foundation
public import Shards

/// Where a sweep stands, derived from its plan and the shards on disk.
public struct SweepState: Sendable {
  /// One planned run.
  public struct Entry: Sendable {
    /// The run's id.
    public let id: String
    /// How it ended; `pending` where it has no shard.
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

  /// Reads the state of the planned runs `identifiers`.
  ///
  /// - Parameters:
  ///   - identifiers: the ids of the runs.
  ///   - directory: where the shards are.
  ///   - checkingSeals: whether every shard is read whole, so that a damaged one is found before it is taken for a result.
  public init(_ identifiers: [String], _ directory: OutputDirectory, checkingSeals: Bool = false) {
    let present = Set(directory.shardIdentifiers())
    var notes: [String] = []
    entries = identifiers.map { id in
      guard present.contains(id) else { return Entry(id: id, status: .pending, steps: 0, regime: nil) }
      do {
        let summary = try Shard.readSummary(directory.shard(of: id), checkingSeal: checkingSeals)
        guard summary.id == id else {
          throw OutputError("it holds the run \(summary.id); somebody has renamed it")
        }
        return Entry(
          id: id, status: summary.status, steps: summary.stepCount, regime: summary.regime)
      } catch {
        notes.append("\(directory.shard(of: id)): cannot be read (\(error)); the run will be computed again")
        return Entry(id: id, status: .pending, steps: 0, regime: nil)
      }
    }
    self.notes = notes
  }

  /// Indices of the runs that are still to be computed: a failed run is not done.
  public var pending: [Int] { entries.indices.filter { !entries[$0].status.isDone } }

  /// How many runs have each status.
  public func count(_ status: RunStatus) -> Int { entries.count { $0.status == status } }

  /// How many runs were where against their threshold.
  public func count(_ regime: Regime) -> Int { entries.count { $0.regime == regime } }

  /// How many runs need no further work.
  public var done: Int { entries.count { $0.status.isDone } }
}

extension RunStatus {
  /// Finished and diverged runs are results; everything else is still to do.
  public var isDone: Bool { self == .finished || self == .diverged }
}
