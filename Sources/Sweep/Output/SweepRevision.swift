import Files
import Jobs
public import Problems
public import Shards
import Training

/// Takes runs of a sweep back, while no session is at work: results, checkpoints and kept states.
public struct SweepRevision: ~Copyable {
  private let directory: OutputDirectory
  private let lock: DirectoryLock
  private let plan: SweepPlan
  private let state: SweepState
  private var memory: ShardMemory
  private let kept: [RunFiles.KeptState]
  private let checkpoints: Set<String>

  /// Takes the lock of a directory, and looks what is there.
  ///
  /// - Throws: a problem where a session is at work, or where something may not be read.
  public init(_ directory: OutputDirectory) throws {
    let manifest = try Manifest.read(directory)
    let remedy = "wait for its end, or stop it first"
    if try SweepStatus(directory).isActive {
      throw Problem(directory.path, "a sweep is at work here", remedy: remedy)
    }
    let held = try DirectoryLock(directory, remedy: remedy)
    let plan = try JobFile.plan(yaml: manifest.sweepYAML, file: directory.manifestFile, checkingData: false)
    var memory = ShardMemory(checkingSeals: true)
    let state = try SweepState(manifest.runs, directory, &memory)
    try state.requireReadable()
    let kept = try directory.runFiles.keptStates()
    let saved = try directory.files(in: directory.checkpointsDirectory)
    self.directory = directory
    (self.plan, self.state, self.memory, self.kept) = (plan, state, memory, kept)
    checkpoints = Set(saved.compactMap(CheckpointFiles.run(ofFile:)))
    lock = held
  }

  /// Notes on what was found, such as damaged shards.
  public var notes: [String] { state.notes }

  /// The ids of the runs that failed.
  public var failed: [String] { state.entries.filter { $0.status == .failed }.map(\.id) }

  /// The runs that a user names by ids or their beginnings, each once.
  ///
  /// - Throws: a problem where a name is none.
  public func choose(_ names: [String]) throws(Problem) -> [String] {
    let known = Set(plan.runs.map(\.id)).union(state.shards.keys).union(kept.map(\.run)).union(checkpoints)
    var chosen: [String] = []
    for name in names {
      let run = try RunChoice.run(name, among: known, of: directory.path)
      if !chosen.contains(run) { chosen.append(run) }
    }
    return chosen
  }

  /// Refuses runs that the job does not name, since no session would compute them.
  public func requirePlanned(_ runs: [String]) throws(Problem) {
    let planned = Set(plan.runs.map(\.id))
    if let other = runs.first(where: { !planned.contains($0) }) {
      throw Problem(
        "\(directory.path): \(other)", "the job does not name this run any more, so no session computes it",
        remedy: "take it back into the job, or forget it")
    }
  }

  /// Refuses to forget states that runs of the job start from.
  public func requireUnneeded(_ runs: [String]) throws(Problem) {
    let holders = Set(kept.map(\.run)).intersection(runs)
    let needing = plan.runs.filter { run in
      holders.contains(run.origin?.run ?? "") && !runs.contains(run.id)
    }
    guard let first = needing.first, let holder = first.origin?.run else { return }
    let others = needing.count == 1 ? "" : " and \(needing.count - 1) more"
    throw Problem(
      "\(directory.path): \(holder)", "\(first.id)\(others) of the job start from the state that it has kept",
      remedy: "forget them too, or give --force")
  }

  /// Takes back the results of runs, so that the next session computes them: from their checkpoints where there are any.
  ///
  /// The state that a run has kept of its end goes too, since it would end there at once.
  ///
  /// - Returns: those of which there was a result.
  /// - Throws: what reading and writing files throws; nothing that was not asked for is lost then.
  public mutating func retry(_ runs: [String]) throws -> [String] {
    let ended = try removeResults(of: runs)
    for run in ended { removeStates(of: run) }
    try log(.runRetried, ended)
    return ended
  }

  /// Removes everything of runs.
  ///
  /// - Returns: what there was of each, in words.
  /// - Throws: what reading and writing files throws; nothing that was not asked for is lost then.
  public mutating func forget(_ runs: [String]) throws -> [(run: String, what: String)] {
    let ended = Set(try removeResults(of: runs))
    let removed = runs.map { run in
      let parts = [
        ended.contains(run) ? "its result" : nil, checkpoints.contains(run) ? "its checkpoint" : nil,
        kept.contains { $0.run == run } ? "the state that it had kept" : nil,
      ]
      CheckpointFiles.remove(directory.checkpointsDirectory, run: run)
      removeStates(of: run)
      return (run, parts.compactMap(\.self).joined(separator: ", "))
    }
    try log(.runForgotten, removed.filter { !$0.1.isEmpty }.map(\.0))
    return removed
  }

  /// Writes the merged file anew, where there is one.
  ///
  /// - Returns: whether there is one, and a sentence for every shard that could not be merged.
  /// - Throws: what reading and writing files throws.
  public func merge(_ provenance: Provenance) throws -> (isThere: Bool, damaged: [String]) {
    guard try FileKind.of(directory.mergedFile) != .absent else { return (false, []) }
    return (true, try SweepMerge.merge(plan, directory, provenance: provenance))
  }

  /// Takes runs out of all shards that hold them.
  private mutating func removeResults(of runs: [String]) throws -> [String] {
    let wanted = Set(runs)
    var found: Set<String> = []
    for path in try directory.shards() {
      guard case .runs(let entries) = memory.look(at: path) else { continue }
      let held = wanted.intersection(entries.map(\.id))
      if !held.isEmpty, try Shard.remove(held, from: path) { found.formUnion(held) }
    }
    return runs.filter(found.contains)
  }

  private func removeStates(of run: String) {
    for state in kept where state.run == run { AtomicFile.remove(state.path) }
  }

  private func log(_ event: SweepEvent.Kind, _ runs: [String]) throws {
    let log = try EventLog(directory)
    for run in runs { log.append(event, run: run) }
  }
}
