internal import HDF5
public import Problems
internal import Schema

/// Making one file of the shards of a sweep.
public enum Merge {
  /// Merges shards into one file with a row for every run, and replaces what is at `path` in one go.
  ///
  /// The rows follow the plan; shards of runs that are not in it come behind, in the order given. The same shards make
  /// the same file, byte for byte, as often as they are merged. What the runs recorded is held in memory up to
  /// 128 MiB, and read a second time beyond that. What the plan holds in memory beside it is a few kilobytes per run.
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
  /// - Throws: A `Problem` where the file cannot be written, or where there is no run at all.
  @discardableResult
  public static func merge(
    shards: [String], plan: [RunRecord], provenance: Provenance, sweepYAML: String, into path: String
  ) throws -> MergeReport {
    var merging = Merging(plan: plan)
    for shard in shards { merging.survey(shard) }
    guard !merging.layout.runs.isEmpty else {
      throw Problem(
        path, "there is nothing to merge: no shards and no planned runs", remedy: "run the sweep first")
    }
    let header = FileHeader(provenance: provenance, sweepYAML: sweepYAML)
    try SweepFileWriter.replace(path, layout: merging.layout, header: header) { writer in
      for row in merging.layout.runs.indices { try writer.write(merging.record(row), row: row) }
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

/// The state of one merge: which run goes into which row, and where its values come from.
private struct Merging {
  /// Where the values of a run come from.
  private enum Source {
    case shard(String)
    case kept(RunRecord)
    case damaged(Problem)
  }

  private(set) var layout: FileLayout
  private(set) var report = MergeReport()
  private var planned: [String: RunRecord]
  private var sources: [String: Source] = [:]
  /// How many bytes of records may still be kept, so that their shards are opened only once.
  private var room = 128 << 20

  init(plan: [RunRecord]) {
    layout = FileLayout(runs: plan.map(\.id))
    planned = Dictionary(plan.map { ($0.id, $0) }) { first, _ in first }
    precondition(planned.count == plan.count, "Every run stands in the plan once.")
    for record in plan { layout.include(record) }
  }

  /// Makes room for a shard, and takes its record over where it is small enough.
  mutating func survey(_ path: String) {
    do throws(Problem) {
      let file = try Shard.open(path, checkingSeal: true)
      let (id, extents, optional) = (file.runs[0], try file.extents(row: 0), try file.optionalVariables())
      let double = try reading { () throws(HDF5Error) in try file.hasDoubleWeights() }
      layout.include(extents, optional: optional, doubleWeights: double)
      if planned[id] == nil && sources[id] == nil { layout.runs.append(id) }
      sources[id] = source(file, extents.bytes(optional: optional))
    } catch {
      report.damaged.append(error)
    }
  }

  private mutating func source(_ file: SweepFile, _ bytes: Int) -> Source {
    guard bytes <= room else { return .shard(file.path) }
    do throws(Problem) {
      let record = try file.record(row: 0)
      room -= bytes
      return .kept(record)
    } catch {
      return .damaged(error)
    }
  }

  /// The record that goes into a row: the shard's, or the planned one where there is none that can be read.
  mutating func record(_ row: Int) -> RunRecord {
    let id = layout.runs[row]
    let record: RunRecord
    do throws(Problem) {
      record = try recorded(id) ?? planned[id] ?? RunRecord(id: id)
    } catch {
      report.damaged.append(error)
      record = unread(id, because: error)
    }
    report.counts[record.status, default: 0] += 1
    return record
  }

  private func recorded(_ id: String) throws(Problem) -> RunRecord? {
    switch sources[id] {
    case .shard(let path): try Shard.open(path, checkingSeal: false).record(row: 0)
    case .kept(let record): record
    case .damaged(let problem): throw problem
    case nil: nil
    }
  }

  /// The row of a run whose shard cannot be read: it will be computed again.
  private func unread(_ id: String, because problem: Problem) -> RunRecord {
    var record = planned[id] ?? RunRecord(id: id)
    record.status = .pending
    record.set(.error, "\(problem)")
    return record
  }
}

extension RecordExtents {
  /// About how much memory a record of these extents takes, in bytes.
  fileprivate func bytes(optional: Set<String>) -> Int {
    8
      * VariableTable.all.reduce(0) {
        $0 + (!$1.isOptional || optional.contains($1.name) ? count(of: $1) : 0)
      }
  }
}
