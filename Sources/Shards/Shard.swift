/// The file of runs that ended: a sweep file whose rows are the runs that one writer has gathered.
public enum Shard {
  /// Writes a shard; it exists under its path only when it is complete.
  ///
  /// - Parameters:
  ///   - records: The runs, at least one, as `computed(by:)` made them.
  ///   - provenance: What becomes the root attributes.
  ///   - path: The file, which is replaced in one go.
  /// - Throws: A `Problem` that names `path`.
  public static func write(_ records: [RunRecord], provenance: Provenance, to path: String) throws {
    try write(records, state: nil, provenance: provenance, to: path)
  }

  /// Writes a file of records, and beside them the state of their run where there is one.
  static func write(
    _ records: [RunRecord], state: SavedState?, provenance: Provenance, to path: String
  ) throws {
    var layout = FileLayout(runs: records.map(\.id))
    for record in records { layout.include(record) }
    // Who saves a run under way is in haste, and the file goes when the run ends.
    layout.isCompressed = state == nil || records.allSatisfy { $0.status != .interrupted }
    let header = FileHeader(provenance: provenance, sweepYAML: "")
    try SweepFileWriter.replace(path, layout: layout, header: header) { writer in
      try writer.write(records.map(FileRow.init), from: 0)
      if let state { try writer.write(state) }
    }
  }
}

extension RunRecord {
  /// The record with the note of who computed it, and its checksum worked out once for all times it is written.
  ///
  /// It sets `host` and `provenance_json`, which is given by those who have it for many records.
  public func computed(by provenance: Provenance, json: String? = nil) -> RunRecord {
    var record = self
    record.set(.host, provenance.host)
    record.set(.provenanceJson, json ?? provenance.json)
    record.keepChecksum()
    return record
  }

  /// About how much memory the values take, in bytes.
  public var bytes: Int { extents.bytes }
}
