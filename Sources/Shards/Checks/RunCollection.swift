internal import Files
internal import Problems

/// The sweep files that a path stands for.
enum SweepFiles {
  /// The file itself; or the shards of a sweep's output directory, then its merged file; or the sweep files
  /// that lie directly in a directory of another kind.
  static func at(_ path: String) throws(Problem) -> [String] {
    switch try FileKind.of(path) {
    case .directory: break
    case .regular, .special: return [path]
    case .absent, .danglingLink:
      throw Problem(path, "there is no such file or directory", remedy: "check the path")
    }
    let members = try members(path)
    let sweep = try self.members(path + "/shards") + members.filter { $0.hasSuffix("/sweep.h5") }
    let files = sweep.isEmpty ? members : sweep
    guard !files.isEmpty else {
      throw Problem(
        path, "there are no sweep files in this directory", remedy: "give a sweep's directory")
    }
    return files
  }

  /// The HDF5 files in a directory, by name; unfinished ones have names that begin with a dot.
  private static func members(_ directory: String) throws(Problem) -> [String] {
    let names = try Directory.names(directory) ?? []
    return ShardName.sorted(names.filter { $0.hasSuffix(".h5") && !$0.hasPrefix(".") })
      .map { "\(directory)/\($0)" }
  }
}

/// All runs of a sweep file, or of a sweep's directory, whatever files they lie in.
struct RunCollection {
  /// The ids of the runs of which something was recorded.
  private(set) var runs: [String] = []
  private var places: [String: (path: String, row: Int, entry: ShardEntry)] = [:]
  private var lastFile: SweepFile?

  /// Looks through the files; of a run that stands in several shards the last one counts that has a result, and a shard
  /// counts more than the merged file.
  init(_ path: String) throws(Problem) {
    for path in try SweepFiles.at(path) {
      let file = try SweepFile(path, checkingSeal: true)
      let isMerged = path.hasSuffix("/sweep.h5")
      for (row, entry) in try file.entries().enumerated() where entry.status.isDone || entry.steps > 0 {
        if let earlier = places[entry.id] {
          guard !isMerged && entry.supersedes(earlier.entry) else { continue }
        } else {
          runs.append(entry.id)
        }
        places[entry.id] = (path, row, entry)
      }
    }
  }

  func contains(_ run: String) -> Bool { places[run] != nil }

  /// Reads a run; the file of the last one stays open.
  mutating func record(_ run: String) throws(Problem) -> RunRecord {
    guard let (path, row, _) = places[run] else { preconditionFailure("\(run) is one of the runs.") }
    let file =
      if let lastFile, lastFile.path == path { lastFile } else { try SweepFile(path, checkingSeal: false) }
    lastFile = file
    return try file.record(row: row)
  }
}
