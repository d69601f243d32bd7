import Console
import Foundation
public import Jobs
import Problems
import Shards
public import Training

/// What rank 0 knows of the runs that a session is to compute.
public struct SelectedRuns {
  /// The job.
  public let plan: SweepPlan
  /// The cost of every run.
  let costs: PlanCosts
  /// Indices of the plan's runs to compute if they have not ended yet.
  let selection: Set<Int>

  /// Chooses some runs of a plan.
  public init(_ plan: SweepPlan, costs: PlanCosts, selection: Set<Int>) {
    (self.plan, self.costs, self.selection) = (plan, costs, selection)
  }
}

/// Rank 0's part of a session: finds what is left to compute, has it computed, merges.
struct SessionLeader {
  private let sweep: SelectedRuns
  private let terms: SessionTerms
  private let link: RankLink
  private let places: RankPlaces
  private let provenance: Provenance
  private let observer: any SessionObserver

  private var plan: SweepPlan { sweep.plan }
  private var directory: OutputDirectory { terms.directory }

  init(
    _ sweep: SelectedRuns, _ terms: SessionTerms, _ link: RankLink, _ places: RankPlaces,
    _ provenance: Provenance, _ observer: any SessionObserver
  ) {
    (self.sweep, self.terms, self.link, self.places) = (sweep, terms, link, places)
    (self.provenance, self.observer) = (provenance, observer)
  }

  func run(limit: TimeLimit?) throws -> SessionOutcome {
    let worker = RunWorker(terms, link: link, board: places.board, provenance: provenance)
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
    let pending = before.pending.filter(sweep.selection.contains)
    let session = try SessionEntry(plan, directory, provenance, observer)
    let times = SessionTimes(limit: limit, after: session.earlier)
    if let note = times.note { observer.note(note) }
    let log = try SessionLog(
      plan: plan, pending: pending, state: before, ranks: SweepSession.workers(of: link.size).count,
      times: times, session: session.started, directory: directory, observer: observer)
    try session.write()
    let (coordinator, waiting) = try compute(worker, pending, before.stepsSaved, times, log, &memory)
    if coordinator.stopTime == nil {
      let order = BranchOrder(plan, directory)
      for run in waiting { log.blocked(plan.runs[run].id, message: order.obstacle(to: run)) }
    }
    return try close(session, log, pending, coordinator, &memory)
  }

  /// Computes runs in rounds: first all that can start, then those that start from their states, and those that had ended
  /// on ranks which were lost before they wrote them.
  ///
  /// - Returns: who has coordinated them, and the runs that wait in vain for a state.
  private func compute(
    _ worker: RunWorker, _ pending: [Int], _ stepsSaved: [Int: Int], _ times: SessionTimes, _ log: SessionLog,
    _ memory: inout ShardMemory
  ) throws -> (Coordinator, waiting: [Int]) {
    let coordinator = Coordinator(
      sweep, stepsSaved: stepsSaved, times: times, workers: SweepSession.workers(of: link.size),
      places: places, transport: link, log: log, stopRequest: { Interruption.request },
      keep: { worker.add($0, assignment: $1) })
    let loop = WorkerLoop(link: link, worker: worker, places: places, duty: coordinator.step)
    let order = BranchOrder(plan, directory)
    var (ready, waiting) = try order.parted(pending)
    repeat {
      try coordinator.begin(ready)
      _ = try loop.run { coordinator.isOver }
      guard coordinator.mayGoOn else { break }
      // Runs that others start from have kept their states now.
      let lost = coordinator.hasLosses ? try unfinished(ready, coordinator, &memory) : []
      (ready, waiting) = try order.parted(waiting)
      ready += lost
    } while !ready.isEmpty
    return (coordinator, waiting)
  }

  /// The runs of a round that neither stand on disk nor have failed.
  private func unfinished(
    _ round: [Int], _ coordinator: Coordinator, _ memory: inout ShardMemory
  ) throws -> [Int] {
    let pending = Set(try state(&memory).pending)
    return round.filter { pending.contains($0) && !coordinator.failed.contains($0) }
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
    // What ranks that died in this session were writing.
    _ = directory.clearLeftovers()
    let after = try state(&memory)
    let outcome = SessionOutcome(
      state: after, selection: sweep.selection,
      computed: Set(pending).subtracting(after.pending).count + log.failures.count,
      failures: log.failures + log.blocked, damaged: damaged, obstacles: obstacles, seconds: log.elapsed,
      left: log.hasJudgement ? coordinator.remaining : nil, farewell: coordinator.crew.farewell)
    log.finish(exitStatus: outcome.exitStatus, obstacles: obstacles, left: outcome.left)
    do {
      try session.end(
        exitStatus: outcome.exitStatus, closingSeconds: log.elapsed - start, coordinator.speeds)
    } catch {
      if obstacles.isEmpty { observer.note("\(error)") }
    }
    return outcome
  }

  private func state(_ memory: inout ShardMemory) throws(Problem) -> SweepState {
    try SweepState(plan.runs.map(\.id), directory, &memory)
  }
}
