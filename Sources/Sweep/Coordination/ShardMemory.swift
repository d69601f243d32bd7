import Files
import Problems
import Shards

/// What was read of shards before: one that has not changed since is not read again.
struct ShardMemory: Sendable {
  private let checkingSeals: Bool
  private var known: [String: (stamp: FileStamp, reading: ShardReading)] = [:]

  /// - Parameter checkingSeals: whether every shard is read whole, so that a damaged one is found before it is taken for a
  ///   result.
  init(checkingSeals: Bool = false) { self.checkingSeals = checkingSeals }

  /// Looks into a shard, if it changed; nil where there is none.
  mutating func look(at path: String) -> ShardReading? {
    do throws(Problem) {
      guard let stamp = try FileStamp.of(path) else { return nil }
      if let known = known[path], known.stamp == stamp { return known.reading }
      let reading = Shard.look(at: path, checkingSeal: checkingSeals)
      if case .unreadable = reading { return reading }
      known[path] = (stamp, reading)
      return reading
    } catch {
      return .unreadable(error)
    }
  }
}
