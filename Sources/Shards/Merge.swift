public import Problems
internal import Schema

/// Making one file of the shards of a sweep.
public enum Merge {
  /// Merges shards into one file with a row for every run of a plan, and replaces what is at `path` in one go.
  ///
  /// The same runs make the same file, byte for byte, whatever shards they lie in. Whole columns are copied, block by
  /// block of rows, so that some hundred megabytes of memory are enough whatever the shards hold; what the plan takes
  /// beside it is a few kilobytes per run.
  ///
  /// - Parameters:
  ///   - shards: Paths of shards, the oldest first: of a run that stands in several, the last one with a result counts
  ///     (`ShardEntry.supersedes`).
  ///   - runs: The ids of the planned runs, each once, in the order of the rows; others are left out.
  ///   - planned: The row of a planned run, by its index, that has no shard: pending, failed (with its error) or
  ///     interrupted.
  ///   - provenance: What becomes the root attributes.
  ///   - sweepYAML: The text of the job file.
  ///   - path: The merged file.
  ///   - counts: Whether a run, by its id, is taken from a shard; by default from any.
  /// - Returns: What the file holds, and the shards that could not be read; their runs stand in it as
  ///   pending.
  /// - Throws: A `Problem` where the file cannot be written, or where there is no run at all.
  @discardableResult
  public static func merge(
    shards: [String], runs: [String], planned: (Int) -> RunRecord, provenance: Provenance, sweepYAML: String,
    into path: String, counts: (_ run: String, _ shard: String) -> Bool = { _, _ in true }
  ) throws -> MergeReport {
    guard !runs.isEmpty else {
      throw Problem(path, "there is nothing to merge: no planned runs", remedy: "run the sweep first")
    }
    var survey = ShardSurvey(runs)
    for shard in shards { survey.look(at: shard) { counts($0, shard) } }
    let header = FileHeader(provenance: provenance, sweepYAML: sweepYAML)
    return try write(survey, planned: planned, header: header, into: path)
  }

  /// Writes what was found; `check` may refuse it before it takes the place of what is at `path`.
  @discardableResult
  static func write(
    _ survey: ShardSurvey, planned: (Int) -> RunRecord, header: FileHeader, into path: String,
    check: (MergeReport) throws -> Void = { _ in }
  ) throws -> MergeReport {
    var merging = try Merging(survey, planned: planned)
    try SweepFileWriter.replace(path, layout: merging.layout, header: header) { writer in
      for block in merging.blocks { try writer.write(merging.rows(block), from: block.lowerBound) }
      try check(merging.report)
    }
    return merging.report
  }
}

/// What a merged file holds.
public struct MergeReport: Sendable {
  /// How many runs there are of every status.
  public var counts: [RunStatus: Int] = [:]
  /// The shards that could not be read, with the remedy.
  public var damaged: [Problem] = []

  /// The number of rows.
  public var runCount: Int { counts.values.reduce(0, +) }
}

/// The second part of a merge: where the values of every row come from is known, and they are fetched block by block.
private struct Merging {
  let layout: FileLayout
  private(set) var report: MergeReport
  private let found: [ShardSurvey.Place?]
  private var planned: [Int: RunRecord] = [:]
  private var files: ShardFiles

  init(_ survey: ShardSurvey, planned: (Int) -> RunRecord) throws(Problem) {
    var layout = try survey.layout()
    for (row, place) in survey.places.enumerated() where place == nil {
      var record = planned(row)
      if let problem = survey.problems[row] { record.noteUnread(problem) }
      layout.include(record)
      self.planned[row] = record
    }
    self.layout = layout
    found = survey.places
    files = survey.files
    report = MergeReport(damaged: survey.damaged)
  }

  /// The rows that are fetched and written together: about as many as fit into the memory for them.
  var blocks: [Range<Int>] {
    var (blocks, bytes): ([Range<Int>], Int) = ([], 0)
    for row in found.indices {
      let own = (found[row]?.extents ?? planned[row]?.extents ?? RecordExtents()).bytes
      if let last = blocks.last, bytes + own <= 64 << 20 {
        blocks[blocks.count - 1] = last.lowerBound..<row + 1
        bytes += own
      } else {
        blocks.append(row..<row + 1)
        bytes = own
      }
    }
    return blocks
  }

  /// Fetches rows, or where that fails after all, what is known of them.
  mutating func rows(_ block: Range<Int>) -> [FileRow] {
    let rows = block.map { row in
      do throws(Problem) {
        guard let place = found[row] else { return FileRow(planned[row] ?? RunRecord(id: layout.runs[row])) }
        report.counts[place.entry.status, default: 0] += 1
        return try files.row(place)
      } catch {
        report.damaged.append(error)
        var record = RunRecord(id: layout.runs[row])
        record.noteUnread(error)
        return FileRow(record)
      }
    }
    for row in block { if let record = planned[row] { report.counts[record.status, default: 0] += 1 } }
    files.closeSome()
    return rows
  }
}

extension RunRecord {
  /// Notes that the run will be computed again, because its shard cannot be read.
  fileprivate mutating func noteUnread(_ problem: Problem) {
    status = .pending
    set(.error, "\(problem)")
  }
}
