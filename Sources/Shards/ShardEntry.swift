internal import Files
public import Problems
internal import Schema

/// What a shard says of one of its runs, in short.
public struct ShardEntry: Sendable, Hashable {
  /// The run's id.
  public let id: String
  /// How it ended.
  public let status: RunStatus
  /// Steps recorded.
  public let steps: Int
  /// Where it was against its threshold; nil where nothing was measured.
  public let regime: Regime?
  /// What decided its bits beside the configuration; empty where an older version of the program did not record it.
  public let numerics: String

  /// Whether this one counts, of a run that stands in an earlier place too.
  ///
  /// A result is worth more than a failure or a part of a run; else what was written last counts.
  public func supersedes(_ earlier: ShardEntry) -> Bool { status.isDone || !earlier.status.isDone }
}

/// What came of looking into a shard.
public enum ShardReading: Sendable {
  /// Its runs.
  case runs([ShardEntry])
  /// It is whole no more, or never was a shard.
  case damaged(Problem)
  /// It is there, but cannot be read now: the system does not let it, or a newer program wrote it.
  case unreadable(Problem)
}

extension Shard {
  /// Looks into a shard: which runs it holds, and how they ended.
  ///
  /// - Parameters:
  ///   - path: The shard.
  ///   - checkingSeal: Whether the whole file is read first and held against its seal. Without, a damaged file may be
  ///     taken for a whole one.
  /// - Returns: Its runs, or what is in the way.
  public static func look(at path: String, checkingSeal: Bool) -> ShardReading {
    do throws(Problem) {
      _ = try FileContents.beginning(of: path, count: 1)
      let file = try SweepFile(path, checkingSeal: checkingSeal)
      if let misnaming = file.misnaming { throw misnaming }
      return .runs(try file.entries())
    } catch {
      let isThere = error.systemError != nil || SweepFile.isOfNewerProgram(error)
      return isThere ? .unreadable(error) : .damaged(error)
    }
  }
}

extension SweepFile {
  /// What the file says of its runs, in the order of the rows.
  func entries() throws(Problem) -> [ShardEntry] {
    let extents = try extents(rows: runs.indices)
    let (status, regime, numerics) = (try words(.status), try words(.regime), try words(.numerics))
    var last = ""
    return runs.indices.map { row in
      // The same text for all, so that it is kept once.
      if numerics[row] != last { last = numerics[row] }
      return ShardEntry(
        id: runs[row], status: RunStatus(rawValue: status[row]) ?? .pending, steps: extents[row][.step],
        regime: Regime(rawValue: regime[row]), numerics: last)
    }
  }

  /// The words of all rows; empty where they are missing.
  func words(_ variable: Variable) throws(Problem) -> [String] {
    guard case .texts(let words) = try column(variable, 0, shape: [runs.count]) else {
      return Array(repeating: "", count: runs.count)
    }
    return words
  }
}
