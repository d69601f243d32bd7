internal import Files
internal import HDF5

/// The file of one run that ended: a sweep file with one row.
public enum Shard {
  /// Writes a shard; it exists under its path only when it is complete.
  ///
  /// `host` and `provenance_json` of the run are set from the provenance, which also makes the root
  /// attributes.
  public static func write(
    _ record: RunRecord, provenance: Provenance, sweepYAML: String, to path: String
  ) throws {
    var record = record
    record.set("host", provenance.host)
    record.set("provenance_json", provenance.json)
    var layout = FileLayout(runs: [record.id])
    layout.include(record)
    let header = FileHeader(provenance: provenance, sweepYAML: sweepYAML)
    try AtomicFile.replace(path) { temporary in
      try sharding { () throws(HDF5Error) in
        let writer = try SweepFileWriter(temporary, layout: layout, header: header)
        try writer.write(record, row: 0)
        try writer.close()
      }
      try Seal.append(to: temporary)
    }
  }

  /// Reads everything that is recorded of the shard's run.
  public static func read(_ path: String) throws(ShardError) -> RunRecord { try open(path).record(row: 0) }

  /// Reads the per-run values, and how much was recorded, but nothing that was recorded along the run.
  public static func readSummary(_ path: String) throws(ShardError) -> RunRecord {
    try open(path).summary(row: 0)
  }

  private static func open(_ path: String) throws(ShardError) -> SweepFile {
    let file = try SweepFile(path)
    guard file.runs.count == 1 else {
      throw ShardError(path, "this is a merged file of \(file.runs.count) runs; give the shard of one run")
    }
    return file
  }
}
