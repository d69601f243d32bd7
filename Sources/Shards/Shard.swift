internal import HDF5
public import Problems

/// The file of one run that ended: a sweep file with one row.
public enum Shard {
  /// Writes a shard; it exists under its path only when it is complete.
  ///
  /// `host` and `provenance_json` of the run are set from the provenance, which also makes the root
  /// attributes.
  ///
  /// - Throws: A `Problem` that names `path`.
  public static func write(_ record: RunRecord, provenance: Provenance, to path: String) throws {
    try write([record.computed(by: provenance)], provenance: provenance, to: path)
  }

  /// Writes a file of records as they are, and beside them the state of their run where there is one.
  static func write(
    _ records: [RunRecord], state: SavedState? = nil, provenance: Provenance, to path: String
  ) throws {
    var layout = FileLayout(runs: records.map(\.id))
    for record in records { layout.include(record) }
    let header = FileHeader(provenance: provenance, sweepYAML: "")
    try SweepFileWriter.replace(path, layout: layout, header: header) { writer in
      for (row, record) in records.enumerated() { try writer.write(record, row: row) }
      if let state { try writer.write(state) }
    }
  }

  /// Reads everything that is recorded of the shard's run, once its seal and its checksum have been compared.
  public static func read(_ path: String) throws(Problem) -> RunRecord {
    try open(path, checkingSeal: true).record(row: 0)
  }

  /// Reads the per-run values, and how much was recorded, but nothing that was recorded along the run.
  ///
  /// - Parameters:
  ///   - path: The shard.
  ///   - checkingSeal: Whether the whole file is read first and held against its seal. Without, a damaged file may be
  ///     taken for a whole one.
  /// - Returns: The record, without what was recorded along the run.
  /// - Throws: A `Problem` that names the file.
  public static func readSummary(_ path: String, checkingSeal: Bool) throws(Problem) -> RunRecord {
    try open(path, checkingSeal: checkingSeal).summary(row: 0)
  }

  /// Opens the file of one run.
  static func open(_ path: String, checkingSeal: Bool) throws(Problem) -> SweepFile {
    let file = try SweepFile(path, checkingSeal: checkingSeal)
    guard file.runs.count == 1 else {
      throw Problem(
        path, "this is a merged file of \(file.runs.count) runs", remedy: "give the shard of one run")
    }
    if let misnaming = file.misnaming { throw misnaming }
    return file
  }
}
