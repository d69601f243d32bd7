import Datasets
import Files
import Problems
import Shards

/// What was read of shards before: one that has not changed since is not read again.
struct ShardMemory: Sendable {
  /// What a shard says of its run.
  enum Reading: Sendable {
    case entry(SweepState.Entry)
    /// It is whole no more, or was never a shard of this run.
    case damaged(Problem)
    /// It is there, but the system does not let it be read.
    case unreadable(Problem)
  }

  private let checkingSeals: Bool
  private var known: [String: (stamp: FileStamp, reading: Reading)] = [:]

  /// - Parameter checkingSeals: whether every shard is read whole, so that a damaged one is found before it is taken for a
  ///   result.
  init(checkingSeals: Bool = false) { self.checkingSeals = checkingSeals }

  /// Reads the shard of a run, if it changed; nil where there is none.
  mutating func read(_ id: String, _ directory: OutputDirectory) -> Reading? {
    let path = directory.shard(of: id)
    do throws(Problem) {
      guard let stamp = try FileStamp.of(path) else { return nil }
      if let known = known[path], known.stamp == stamp { return known.reading }
      let reading = try self.reading(path, id)
      known[path] = (stamp, reading)
      return reading
    } catch {
      return .unreadable(error)
    }
  }

  private func reading(_ path: String, _ id: String) throws(Problem) -> Reading {
    _ = try FileContents.beginning(of: path, count: 1)
    do throws(Problem) {
      let summary = try Shard.readSummary(path, checkingSeal: checkingSeals)
      return .entry(
        SweepState.Entry(id: id, status: summary.status, steps: summary.stepCount, regime: summary.regime))
    } catch {
      if error.systemError != nil { throw error }
      return .damaged(error)
    }
  }
}
