import Console
import Foundation
public import Jobs
import LinearAlgebra
import MPI
import Problems
public import Shards
public import Training

/// One invocation of the program on one sweep, on all ranks.
public struct SweepSession {
  private let link: RankLink
  private let plan: SweepPlan
  private let directory: OutputDirectory
  private let provenance: Provenance
  private let selection: Set<Int>
  private let observer: any SessionObserver

  /// The ranks of a world that compute: in small worlds rank 0 too, in larger ones it only coordinates.
  static func workers(of worldSize: Int) -> Range<Int> { (worldSize <= 8 ? 0 : 1)..<worldSize }

  /// Prepares a session; collective over all ranks.
  ///
  /// - Parameters:
  ///   - plan: the job.
  ///   - selection: indices of the plan's runs to compute if they have not ended yet.
  ///   - directory: where its files are.
  ///   - provenance: what the files are to say of this session.
  ///   - observer: who shows how it goes; only that of rank 0 hears anything.
  /// - Throws: what MPI throws.
  public init(
    plan: SweepPlan, selection: Set<Int>, directory: OutputDirectory, provenance: Provenance,
    observer: any SessionObserver
  ) throws {
    self.plan = plan
    self.selection = selection
    self.directory = directory
    self.provenance = provenance
    self.observer = observer
    link = try RankLink()
    BLAS.threads = 1
  }

  /// Computes what is left of the sweep and merges it; collective over all ranks.
  ///
  /// - Parameters:
  ///   - costs: the cost of every run; rank 0 needs it.
  ///   - limit: when the session has to be over; rank 0 heeds it.
  /// - Returns: what happened; nil on ranks other than 0.
  /// - Throws: on rank 0 a `Problem` before anything was computed, with the other ranks sent home; MPI's errors, which end
  ///   the whole job.
  public func run(_ costs: PlanCosts?, limit: TimeLimit? = nil) throws -> SessionOutcome? {
    // On every rank, since launchers pass signals on to all of them; rank 0 alone acts.
    Interruption.watch()
    let worker = RunWorker(plan: plan, directory: directory, link: link, provenance: provenance)
    guard link.rank == 0 else {
      try WorkerLoop(link: link, worker: worker).run()
      return nil
    }
    guard let costs else { preconditionFailure("Rank 0 needs the costs of the runs.") }
    do {
      let outcome = try coordinate(worker, costs: costs, limit: limit)
      try dismissOthers()
      return outcome
    } catch let problem as Problem {
      try dismissOthers()
      throw problem
    }
  }

  private func dismissOthers() throws {
    for rank in 1..<max(link.size, 1) { try link.send(.stop, to: rank) }
  }

  private func coordinate(
    _ worker: RunWorker, costs: PlanCosts, limit: TimeLimit?
  ) throws -> SessionOutcome {
    var memory = ShardMemory(checkingSeals: true)
    let before = try state(&memory)
    try before.requireReadable()
    for note in try before.notes + directory.setAside(before.damaged) { observer.note(note) }
    if let first = before.strangers.first {
      observer.note(
        "\(directory.path) holds \(Format.plural(before.strangers.count, "run")) that the job does not name "
          + "(\(first) ...); they stay, but are not merged")
    }
    if let note = directory.clearLeftovers() { observer.note(note) }
    try directory.removeCheckpoints(of: Set(before.entries.filter(\.status.isDone).map(\.id)))
    let pending = before.pending.filter(selection.contains)
    let session = try SessionEntry(plan, directory, provenance, observer)
    let times = SessionTimes(limit: limit, after: session.earlier)
    if let note = times.note { observer.note(note) }
    let saved = before.stepsSaved
    let log = try SessionLog(
      plan: plan, pending: pending, stepsSaved: saved, directory: directory, observer: observer)
    try session.write()
    let order = BranchOrder(plan, directory)
    var (ready, waiting) = try order.parted(pending)
    while true {
      let coordinator = Coordinator(
        plan: plan, pending: ready, costs: costs, stepsSaved: saved, times: times,
        ranks: Self.workers(of: link.size), link: link, worker: worker, log: log)
      try coordinator.run()
      // Runs that others start from have kept their states now.
      if coordinator.stopTime == nil, !waiting.isEmpty {
        (ready, waiting) = try order.parted(waiting)
      } else {
        ready = []
      }
      guard ready.isEmpty else { continue }
      if coordinator.stopTime == nil {
        for run in waiting { log.blocked(plan.runs[run].id, message: order.obstacle(to: run)) }
      }
      return try close(session, log, pending, coordinator, &memory)
    }
  }

  /// Merges what there is, and says how the session went; what cannot be written any more is work left.
  private func close(
    _ session: SessionEntry, _ log: SessionLog, _ pending: [Int], _ coordinator: Coordinator,
    _ memory: inout ShardMemory
  ) throws -> SessionOutcome {
    let obstacle = coordinator.obstacle
    var (obstacles, damaged): ([String], [String]) = (obstacle.map { [$0] } ?? [], [])
    let start = coordinator.stopTime ?? log.elapsed
    do {
      if coordinator.isHurried {
        obstacles.append("left at once, nothing was saved or merged; eos-sweep merge does the latter")
      } else {
        damaged = try SweepMerge.merge(plan, directory, provenance: provenance)
      }
    } catch {
      let isKnown = obstacle != nil && (error as? Problem)?.isOfMachine == true
      let left = "\(directory.mergedFile) was not written, for the same reason"
      obstacles.append(isKnown ? left : "not merged: \(error)")
    }
    let after = try state(&memory)
    let outcome = SessionOutcome(
      state: after, selection: selection,
      computed: Set(pending).subtracting(after.pending).count + log.failures.count,
      failures: log.failures + log.blocked, damaged: damaged, obstacles: obstacles, seconds: log.elapsed,
      left: log.hasJudgement ? coordinator.remaining : nil)
    log.finish(exitStatus: outcome.exitStatus, obstacles: obstacles, left: outcome.left)
    do {
      try session.end(
        exitStatus: outcome.exitStatus, closingSeconds: log.elapsed - start,
        secondsPerCost: coordinator.secondsPerCost)
    } catch {
      if obstacles.isEmpty { observer.note("\(error)") }
    }
    return outcome
  }

  private func state(_ memory: inout ShardMemory) throws(Problem) -> SweepState {
    try SweepState(plan.runs.map(\.id), directory, &memory)
  }
}

/// What a session did, for the last lines the user reads.
public struct SessionOutcome: Sendable {
  /// Where the sweep stands now.
  public let state: SweepState
  /// Indices of the runs that this session was about.
  public let selection: Set<Int>
  /// How many runs this session brought to their end, failed ones too.
  public let computed: Int
  /// Runs that failed or could not be started, with the first line of their errors.
  public let failures: [(id: String, message: String)]
  /// A sentence for every shard that could not be merged.
  public let damaged: [String]
  /// What kept the session from going on or its results from being merged, and is no run's fault: a full disk and the
  /// like.
  public let obstacles: [String]
  /// Wall time.
  public let seconds: Double
  /// Seconds that what is left would take on these ranks, as far as that can be told.
  public let left: Double?

  /// 0 all selected runs finished or diverged, 1 some failed, 75 work left.
  public var exitStatus: Int {
    let failed = Set(failures.map(\.id))
    if !obstacles.isEmpty { return 75 }
    let left = selection.map { state.entries[$0] }.filter { !$0.status.isDone }
    if left.contains(where: { $0.status != .failed && !failed.contains($0.id) }) { return 75 }
    return left.isEmpty && damaged.isEmpty ? 0 : 1
  }
}
