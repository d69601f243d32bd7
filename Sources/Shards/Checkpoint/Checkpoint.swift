public import Problems

/// The file of a run that can go on: a sweep file with one row, and beside it the state of the run.
///
/// The row is what was recorded so far; its status is `interrupted` while the run is under way, and how it ended where
/// the state at its end is kept.
public enum Checkpoint {
  /// Writes a checkpoint; it replaces what is at `path` in one go, and only when it is complete.
  ///
  /// `host` and `provenance_json` of the run are set from the provenance, which also makes the root attributes.
  ///
  /// - Throws: A `Problem` that names `path`.
  public static func write(
    _ record: RunRecord, state: SavedState, provenance: Provenance, to path: String
  ) throws {
    try Shard.write([record.computed(by: provenance)], state: state, provenance: provenance, to: path)
  }

  /// Reads a checkpoint once its seal, the checksum of its row and that of its state have been compared.
  ///
  /// - Returns: What was recorded of the run so far, and what it needs to go on.
  /// - Throws: A `Problem` that names the file, where it is anything but what was written.
  public static func read(_ path: String) throws(Problem) -> (record: RunRecord, state: SavedState) {
    let file = try SweepFile(path, checkingSeal: true)
    guard file.origin == .sealed else { throw file.withoutSeal }
    guard file.runs.count == 1, let state = try StateGroup.read(file) else {
      throw Problem(path, "holds no saved state of a run", remedy: "name a checkpoint")
    }
    return (try file.record(row: 0), state)
  }
}
