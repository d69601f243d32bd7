import Files
import Foundation
internal import Glibc
public import Problems
import Shards

/// What a directory's files say of its sweep; only what has changed is read again.
public struct SweepStatus {
  /// Whether a session is at work.
  enum Activity: Equatable {
    /// It is, as far as anybody can tell from here.
    case working
    /// None is.
    case none
  }

  let directory: OutputDirectory
  private(set) var manifest: Manifest
  private(set) var state: SweepState
  /// What the last session says of itself; nil where it says nothing.
  private(set) var progress: SweepProgress?
  private(set) var activity = Activity.none
  /// What went wrong in runs that failed, as far as that was looked up.
  private(set) var errors: [String: String] = [:]
  private var memory = ShardMemory()
  private var events: EventReader
  private var manifestStamp: FileStamp?
  private var shardStamps: [FileStamp] = []

  /// After so many seconds without a word a session on another machine counts as dead.
  static let patience = 120.0

  /// Reads the files.
  ///
  /// - Throws: a problem when the directory holds no sweep, or may not be read.
  public init(_ directory: OutputDirectory) throws(Problem) {
    self.directory = directory
    events = EventReader(directory)
    manifestStamp = try FileStamp.of(directory.manifestFile)
    manifest = try Manifest.read(directory)
    shardStamps = try Self.stamps(directory)
    state = try SweepState(manifest.runs, directory, &memory)
    try look()
  }

  /// Reads what has changed since.
  public mutating func refresh() throws(Problem) {
    let (stamp, stamps) = (try FileStamp.of(directory.manifestFile), try Self.stamps(directory))
    if stamp != manifestStamp { manifest = try Manifest.read(directory) }
    if stamp != manifestStamp || stamps != shardStamps {
      state = try SweepState(manifest.runs, directory, &memory)
    }
    (manifestStamp, shardStamps) = (stamp, stamps)
    try look()
  }

  /// Whether a session is at work, as far as can be told from here.
  public var isActive: Bool { activity == .working }

  /// The last events of the last session, oldest first.
  var recent: [SweepEvent] { events.recent }

  private mutating func look() throws(Problem) {
    let told = ProgressFile.read(directory)
    progress = told?.session == manifest.sessions.last?.started ? told : nil
    activity = DirectoryLock.isHeld(directory) || speaks ? .working : .none
    try events.refresh()
    lookUpErrors()
  }

  /// Whether the last session gives signs of life: its lock cannot be seen from other machines.
  private var speaks: Bool {
    guard let progress, progress.phase != .ended, manifest.sessions.last?.ended == nil else { return false }
    if progress.host == AtomicFile.hostName, ProcessStatus.hasEnded(progress.process) { return false }
    return (secondsOfSilence ?? .infinity) < max(Self.patience, 20 * progress.interval)
  }

  /// How long ago the last session wrote where it is.
  var secondsOfSilence: Double? {
    guard let progress, let time = try? Date(progress.time, strategy: .iso8601) else { return nil }
    return max(-time.timeIntervalSinceNow, 0)
  }

  private static func stamps(_ directory: OutputDirectory) throws(Problem) -> [FileStamp] {
    var stamps: [FileStamp] = []
    for path in try directory.shards() + directory.savedStates() {
      if let stamp = try FileStamp.of(path) { stamps.append(stamp) }
    }
    return stamps
  }
}

// MARK: - Failures

extension SweepStatus {
  /// Runs whose errors are looked up at most.
  private static let shownFailures = 100

  /// The ids of the runs that have a status, in the order of the plan.
  private func runs(_ status: RunStatus) -> [String] {
    state.entries.filter { $0.status == status }.map(\.id)
  }

  /// Reads from their shards why runs have failed, or were halted.
  private mutating func lookUpErrors() {
    let unknown = [RunStatus.failed, .halted].flatMap { runs($0).prefix(Self.shownFailures) }
      .filter { errors[$0] == nil }
    for shard in Set(unknown.compactMap(state.shard)).sorted() {
      guard let found = try? RecordedRuns(shard).errors() else { continue }
      errors.merge(found) { _, last in last }
    }
  }

  /// The runs that failed or were halted, those of one cause together.
  var causes: [FailureCause] {
    [RunStatus.failed, .halted].flatMap { status in
      FailureCause.grouped(
        runs(status).map { ($0, errors[$0] ?? "the cause is not known") }, status: status.name)
    }
  }
}
