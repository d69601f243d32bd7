import Jobs
import Shards
import Training

/// Computes assignments on one rank; the group's leader gathers the records and writes them.
final class RunWorker {
  private let plan: SweepPlan
  private let directory: OutputDirectory
  private let link: RankLink
  private let provenance: Provenance
  /// The runs of this rank that ended, on their way to the disk.
  let collector: ShardCollector
  private var floats = DatasetCache<Float>()
  private var doubles = DatasetCache<Double>()

  init(plan: SweepPlan, directory: OutputDirectory, link: RankLink, provenance: Provenance) {
    self.plan = plan
    self.directory = directory
    self.link = link
    self.provenance = provenance
    collector = ShardCollector(
      directory, provenance: provenance, rank: link.rank, patience: plan.shardSeconds)
  }

  /// Computes a run to its end, or until a member wishes to leave, and returns the summary for rank 0.
  ///
  /// `heartbeat` is called after every block and while waiting for other members, with the number of steps done; it returns
  /// whether this member wishes to leave with the work saved, and throws to leave at once.
  func compute(_ assignment: GroupAssignment, heartbeat: @escaping (Int) throws -> Bool) throws -> RunEnding {
    let run = plan.runs[assignment.run]
    let reduction = AssignedReduction(assignment, link: link, heartbeat: heartbeat)
    var attempt = RunAttempt(
      run, saving: plan.checkpoint, in: directory.runFiles, provenance: provenance, reduction: reduction)
    let result = try train(run, &attempt) { reduction.stepsDone = $0 }
    switch result {
    case .ended(let record):
      if assignment.leader == link.rank {
        collector.add(record, assignment: assignment.number, seconds: attempt.seconds)
      }
      return .ended(
        RunSummary(
          status: record.status, steps: record.stepCount, seconds: attempt.seconds, notes: attempt.notes))
    case .saved(let steps):
      return .saved(
        RunSummary(status: .interrupted, steps: steps, seconds: attempt.seconds, notes: attempt.notes))
    }
  }

  /// Gathers the record of a run that could not be computed.
  func addFailure(_ assignment: GroupAssignment, message: String) {
    let run = plan.runs[assignment.run]
    let record = RunRecord(failed: run, data: plan.dataFacts[run.data], message: message)
    collector.add(record, assignment: assignment.number, seconds: 0)
  }

  private func train(
    _ run: RunConfiguration, _ attempt: inout RunAttempt, progress: (Int) throws -> Void
  ) throws -> RunResult {
    switch run.precision {
    case .float:
      try attempt.compute(
        floats.load(run.data), residualMemory: plan.residualMemory, progress: progress)
    case .double:
      try attempt.compute(
        doubles.load(run.data), residualMemory: plan.residualMemory, progress: progress)
    }
  }
}
