import Shards
import Training

/// The runs that a rank has brought to their end, on their way to the disk.
///
/// They are gathered, and written together once the oldest that waits is old enough: the shard under way is replaced by
/// one that holds them too, until it holds enough and the next is begun. So files stay few, and what a kill costs is
/// what ended since the last time.
final class ShardCollector {
  private let directory: OutputDirectory
  private let provenance: Provenance
  private let provenanceJSON: String
  private let clock = ContinuousClock()
  /// How old what waits may become, in seconds: what it costs to compute it again.
  private let patience: Double
  private var names: ShardName
  /// The shard under way; nil where the next run begins one.
  private var path: String?
  /// Its runs, of which the last `waiting` are not on disk.
  private var records: [RunRecord] = []
  private var bytes = 0
  /// The assignments whose runs are not on disk.
  private var waiting: [Int] = []
  /// When the run that waits longest began.
  private var oldest: ContinuousClock.Instant?
  /// What the last write took, in seconds.
  private var cost = 0.0

  /// When a shard is full: about as much as a twentieth of a second writes, so that growing it costs little.
  private static let full = (runs: 4096, bytes: 16 << 20)
  /// Writing takes at most one part in so many of the time.
  private static let share = 25.0

  init(_ directory: OutputDirectory, provenance: Provenance, rank: Int, patience: Double) {
    self.directory = directory
    self.provenance = provenance
    provenanceJSON = provenance.json
    self.patience = patience
    names = ShardName(startedAt: provenance.startedAt, rank: rank)
  }

  /// Takes over the record of the run of an assignment, which took so many seconds.
  func add(_ record: RunRecord, assignment: Int, seconds: Double) {
    let record = record.computed(by: provenance, json: provenanceJSON)
    records.append(record)
    bytes += record.bytes
    waiting.append(assignment)
    let began = clock.now - .seconds(seconds)
    oldest = min(oldest ?? began, began)
  }

  /// Writes what waits, if it is time to.
  ///
  /// - Returns: the assignments whose runs are on disk from now on.
  /// - Throws: `UnwrittenRuns`, and does not try again: these runs have to be computed again.
  func flushIfDue() throws(UnwrittenRuns) -> [Int] {
    guard let oldest else { return [] }
    let age = oldest.duration(to: clock.now) / .seconds(1)
    return age >= max(patience, cost * Self.share) || isFull ? try flush() : []
  }

  /// Writes what waits.
  ///
  /// - Returns: the assignments whose runs are on disk from now on.
  /// - Throws: `UnwrittenRuns`, and does not try again: these runs have to be computed again.
  func flush() throws(UnwrittenRuns) -> [Int] {
    guard !waiting.isEmpty else { return [] }
    let (start, written) = (clock.now, waiting)
    do {
      let path = try path ?? names.next(in: directory.shardsDirectory)
      try Shard.write(records, provenance: provenance, to: path)
      self.path = path
      removeCheckpoints()
    } catch {
      forget()
      throw UnwrittenRuns(assignments: written, cause: error)
    }
    (waiting, oldest) = ([], nil)
    cost = start.duration(to: clock.now) / .seconds(1)
    if isFull { (path, records, bytes) = (nil, [], 0) }
    return written
  }

  private var isFull: Bool { records.count >= Self.full.runs || bytes >= Self.full.bytes }

  /// What is on disk needs no checkpoint any more; a failed run may go on from its own another time.
  private func removeCheckpoints() {
    for record in records.suffix(waiting.count) where record.status.isDone {
      CheckpointFiles.remove(directory.checkpointsDirectory, run: record.id)
    }
  }

  private func forget() {
    records.removeLast(waiting.count)
    bytes = records.reduce(0) { $0 + $1.bytes }
    (waiting, oldest) = ([], nil)
  }
}

/// Runs that ended but could not be written.
struct UnwrittenRuns: Error {
  let assignments: [Int]
  let cause: any Error
}
