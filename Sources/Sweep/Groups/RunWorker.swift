import Datasets
import Jobs
import Training
import Learning
import Shards

/// Computes assignments on one rank; the group's leader writes the shard.
final class RunWorker {
  private let plan: SweepPlan
  private let directory: OutputDirectory
  private let link: RankLink
  private let provenance: Provenance
  private var floats = DatasetCache<Float>()
  private var doubles = DatasetCache<Double>()

  init(plan: SweepPlan, directory: OutputDirectory, link: RankLink, provenance: Provenance) {
    self.plan = plan
    self.directory = directory
    self.link = link
    self.provenance = provenance
  }

  /// Computes a run to its end, or until a member wishes to leave, and returns the summary for rank 0.
  ///
  /// `heartbeat` is called at every step, and while waiting for other members, with the number of steps done; it returns
  /// whether this member wishes to leave with the work saved, and throws to leave at once.
  func compute(_ assignment: GroupAssignment, heartbeat: @escaping (Int) throws -> Bool) throws -> RunEnding {
    let run = plan.runs[assignment.run]
    var stepsDone = 0
    let beat = { (steps: Int) throws in
      stepsDone = steps
      if try heartbeat(steps) { throw UnsavedLeave() }
    }
    let reduction = AssignedReduction(assignment, link: link) { try beat(stepsDone) }
    do {
      let result = try train(run, reduction: reduction, heartbeat: beat)
      let record = RunRecord(run, result: result, ranks: assignment.members.count)
      if assignment.leader == link.rank { try write(record) }
      return .ended(RunSummary(status: record.status, steps: result.steps, seconds: result.wallSeconds))
    } catch is UnsavedLeave {
      // Nothing of the run is kept yet, so that it has no steps behind it.
      return .saved(RunSummary(status: .interrupted, steps: 0, seconds: 0))
    }
  }

  private struct UnsavedLeave: Error {}
  /// Whether a run that is left goes on from there another time, so that pausing it costs nothing.
  static let savesRuns = false

  /// Writes the shard of a run that could not be computed.
  func writeFailure(_ assignment: GroupAssignment, message: String) throws {
    let run = plan.runs[assignment.run]
    try write(RunRecord(failed: run, data: plan.dataFacts[run.data], message: message))
  }

  private func train(
    _ run: RunConfiguration, reduction: any GroupReduction, heartbeat: (Int) throws -> Void
  ) throws -> RunResult {
    switch run.precision {
    case .float:
      let data = try floats.load(run.data)
      return try Trainer(run, data: data, reduction: reduction, residualMemory: plan.residualMemory)
        .train(heartbeat: heartbeat)
    case .double:
      let data = try doubles.load(run.data)
      return try Trainer(run, data: data, reduction: reduction, residualMemory: plan.residualMemory)
        .train(heartbeat: heartbeat)
    }
  }

  private func write(_ record: RunRecord) throws {
    try Shard.write(record, provenance: provenance, to: directory.shard(of: record.id))
  }
}
