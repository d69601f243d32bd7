import Files
package import Problems
package import Shards

/// The two files in which a run under way is saved by turns: while one is written, the other is whole.
package struct CheckpointFiles {
  /// What was saved last, as far as it can be read.
  package struct Found {
    /// What was recorded.
    package var record: RunRecord
    /// What was carried.
    package var state: SavedState
  }

  private let directory: String
  private let id: String
  private let paths: [String]
  /// Which of the files is written next.
  private var next = 0

  /// Names the files of a run in a directory.
  package init(_ directory: String, run id: String) {
    (self.directory, self.id) = (directory, id)
    paths = Self.paths(directory, run: id)
  }

  /// The files of a run, whether they are there or not.
  package static func paths(_ directory: String, run id: String) -> [String] {
    ["\(directory)/\(id).a.h5", "\(directory)/\(id).b.h5"]
  }

  /// The run that a file of the directory belongs to; nil for other files.
  package static func run(ofFile name: String) -> String? {
    for ending in [".a.h5", ".b.h5"] where name.hasSuffix(ending) {
      return String(name.dropLast(ending.count))
    }
    return nil
  }

  /// The newer of the two that are whole, and what is wrong with those that are not.
  package mutating func read() -> (found: Found?, problems: [Problem]) {
    var (found, problems): (Found?, [Problem]) = (nil, [])
    for (index, path) in paths.enumerated() {
      do throws(Problem) {
        guard try FileKind.of(path) != .absent else { continue }
        let (record, state) = try Checkpoint.read(path)
        guard record.id == id else {
          throw Problem(path, "holds the run \(record.id), so somebody has renamed it", remedy: "remove it")
        }
        if let found, found.record.stepCount > record.stepCount { continue }
        found = Found(record: record, state: state)
        next = 1 - index
      } catch {
        problems.append(error)
      }
    }
    return (found, problems)
  }

  /// Saves a run in the file that is not the newest; makes the directory where it is missing.
  package mutating func save(_ record: RunRecord, _ state: SavedState, _ provenance: Provenance) throws {
    try Directory.make(directory)
    try Checkpoint.write(record, state: state, provenance: provenance, to: paths[next])
    next = 1 - next
  }

  /// Removes both: the run has ended, and its shard is on disk.
  package static func remove(_ directory: String, run id: String) {
    for path in paths(directory, run: id) { AtomicFile.remove(path) }
  }
}
