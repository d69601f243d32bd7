internal import Files
internal import HDF5

/// Making one file of the shards of a sweep.
public enum Merge {
  /// Merges shards into one file with a row for every run, and replaces what is at `path` in one go.
  ///
  /// The rows follow the plan; shards of runs that are not in it come behind, in the order given. Only one
  /// run at a time is held in memory. The same shards make the same file, byte for byte, as often as they
  /// are merged. What the plan holds in memory beside it is a few kilobytes per run.
  ///
  /// - Parameters:
  ///   - shards: Paths of shards.
  ///   - plan: A record for every planned run, without what is recorded along it; it makes the row of a run
  ///     that has no shard: pending, failed (with its error) or interrupted.
  ///   - provenance: What becomes the root attributes.
  ///   - sweepYAML: The text of the job file.
  ///   - path: The merged file.
  /// - Returns: What the file holds, and the shards that could not be read; their runs stand in it as
  ///   pending.
  /// - Throws: A `ShardError` where the file cannot be written, or where there is no run at all.
  @discardableResult
  public static func merge(
    shards: [String], plan: [RunRecord], provenance: Provenance, sweepYAML: String, into path: String
  ) throws -> MergeReport {
    var merging = Merging(plan: plan)
    for shard in shards { merging.survey(shard) }
    guard !merging.layout.runs.isEmpty else {
      throw ShardError(path, "there is nothing to merge: no shards and no planned runs; run the sweep first")
    }
    let header = FileHeader(provenance: provenance, sweepYAML: sweepYAML)
    try AtomicFile.replace(path) { temporary in
      try sharding { () throws(HDF5Error) in
        let writer = try SweepFileWriter(temporary, layout: merging.layout, header: header)
        for row in merging.layout.runs.indices { try writer.write(merging.record(row), row: row) }
        try writer.close()
      }
      try Seal.append(to: temporary)
    }
    return merging.report
  }
}

/// What a merged file holds.
public struct MergeReport: Sendable {
  /// How many runs there are of every status.
  public var counts: [RunStatus: Int] = [:]
  /// The shards that could not be read, in sentences that name the file and the remedy.
  public var damaged: [ShardError] = []

  /// The number of rows.
  public var runCount: Int { counts.values.reduce(0, +) }
}

/// The state of one merge: which run goes into which row, and where its values come from.
private struct Merging {
  private(set) var layout: FileLayout
  private(set) var report = MergeReport()
  private var planned: [String: RunRecord]
  private var shards: [String: String] = [:]

  init(plan: [RunRecord]) {
    layout = FileLayout(runs: plan.map(\.id))
    planned = Dictionary(plan.map { ($0.id, $0) }) { first, _ in first }
    precondition(planned.count == plan.count, "Every run stands in the plan once.")
    for record in plan { layout.include(record) }
  }

  /// Makes room for a shard.
  mutating func survey(_ path: String) {
    do {
      let file = try SweepFile(path)
      let extents = try file.extents(row: 0)
      let double = try sharding { () throws(HDF5Error) in try file.hasDoubleWeights() }
      layout.include(extents, optional: try file.optionalVariables(), doubleWeights: double)
      if planned[file.runs[0]] == nil && shards[file.runs[0]] == nil { layout.runs.append(file.runs[0]) }
      shards[file.runs[0]] = path
    } catch {
      report.damaged.append(error)
    }
  }

  /// The record that goes into a row: the shard's, or the planned one where there is none that can be read.
  mutating func record(_ row: Int) -> RunRecord {
    let id = layout.runs[row]
    var record = planned[id] ?? RunRecord(id: id)
    if let shard = shards[id] {
      do {
        record = try Shard.read(shard)
      } catch {
        report.damaged.append(error)
        record.status = .pending
        record.set("error", "\(error)")
      }
    }
    report.counts[record.status, default: 0] += 1
    return record
  }
}
