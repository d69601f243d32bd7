import Foundation
import LinearAlgebra
import MPI
public import Shards

/// One invocation of the program on one sweep, on all ranks.
public struct SweepSession {
  private let link: RankLink
  private let plan: SweepPlan
  private let directory: OutputDirectory
  private let provenance: Provenance
  private let selection: Set<Int>

  /// The ranks of a world that compute: in small worlds rank 0 too, in larger ones it only coordinates.
  static func workers(of worldSize: Int) -> Range<Int> { (worldSize <= 8 ? 0 : 1)..<worldSize }

  /// Prepares a session; collective over all ranks.
  ///
  /// - Parameters:
  ///   - plan: the job.
  ///   - selection: indices of the plan's runs to compute if they have not ended yet.
  ///   - directory: where its files are.
  ///   - provenance: what the files are to say of this session.
  /// - Throws: what MPI throws.
  public init(
    plan: SweepPlan, selection: Set<Int>, directory: OutputDirectory, provenance: Provenance
  ) throws {
    self.plan = plan
    self.selection = selection
    self.directory = directory
    self.provenance = provenance
    link = try RankLink()
    BLAS.threads = 1
  }

  /// Computes what is left of the sweep and merges it; collective over all ranks.
  ///
  /// - Parameter costs: the cost of every run; rank 0 needs it.
  /// - Returns: what happened; nil on ranks other than 0.
  /// - Throws: what ends the whole job.
  public func run(_ costs: PlanCosts?) throws -> SessionOutcome? {
    // On every rank, since launchers pass signals on to all of them; rank 0 alone acts.
    Interruption.watch()
    let worker = RunWorker(plan: plan, directory: directory, link: link, provenance: provenance)
    guard link.rank == 0 else {
      try WorkerLoop(link: link, worker: worker).run()
      return nil
    }
    guard let costs else { preconditionFailure("Rank 0 needs the costs of the runs.") }
    return try coordinate(worker, costs: costs)
  }

  private func coordinate(_ worker: RunWorker, costs: PlanCosts) throws -> SessionOutcome {
    let before = SweepState(plan.runs.map(\.id), directory, checkingSeals: true)
    for note in before.notes { Terminal.error(note) }
    try openManifest()
    let pending = before.pending.filter(selection.contains)
    let log = try SessionLog(plan: plan, pending: pending, costs: costs, directory: directory)
    try Coordinator(
      plan: plan, pending: pending, costs: costs, ranks: Self.workers(of: link.size), link: link,
      worker: worker,
      log: log
    ).run()
    let damaged = try SweepMerge.merge(plan, directory, provenance: provenance)
    let after = SweepState(plan.runs.map(\.id), directory)
    let outcome = SessionOutcome(
      state: after, selection: selection, computed: Set(pending).subtracting(after.pending).count,
      failures: log.failures, damaged: damaged, seconds: log.elapsed)
    log.finish(exitStatus: outcome.exitStatus)
    try closeManifest(exitStatus: outcome.exitStatus)
    return outcome
  }

  // MARK: - sweep.json

  private func openManifest() throws {
    var sessions = try Manifest.readOrSetAside(directory)?.sessions ?? []
    sessions.append(
      Manifest.Session(started: Date.now.formatted(.iso8601), provenance: provenance))
    try Manifest(name: plan.name, sweepYAML: plan.yaml, runs: plan.runs.map(\.id), sessions: sessions)
      .write(directory)
  }

  private func closeManifest(exitStatus: Int) throws {
    var manifest = try Manifest.read(directory)
    let last = manifest.sessions.count - 1
    manifest.sessions[last].ended = Date.now.formatted(.iso8601)
    manifest.sessions[last].exitStatus = exitStatus
    try manifest.write(directory)
  }
}

/// What a session did, for the last lines the user reads.
public struct SessionOutcome: Sendable {
  /// Where the sweep stands now.
  public let state: SweepState
  /// Indices of the runs that this session was about.
  public let selection: Set<Int>
  /// How many runs this session brought to their end.
  public let computed: Int
  /// Runs that failed, with the first line of their errors.
  public let failures: [(id: String, message: String)]
  /// A sentence for every shard that could not be merged.
  public let damaged: [String]
  /// Wall time.
  public let seconds: Double

  /// 0 all selected runs finished or diverged, 1 some failed, 75 work left.
  public var exitStatus: Int {
    let failed = Set(failures.map(\.id))
    let left = selection.map { state.entries[$0] }.filter { !$0.status.isDone }
    if left.contains(where: { $0.status != .failed && !failed.contains($0.id) }) { return 75 }
    return left.isEmpty && damaged.isEmpty ? 0 : 1
  }
}
