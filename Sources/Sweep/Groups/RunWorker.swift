import Jobs
import NodeMemory
import Problems
import Shards
import Training

/// Computes assignments on one rank; the group's leader gathers the records and writes them.
final class RunWorker {
  private let terms: SessionTerms
  private let link: RankLink
  private let provenance: Provenance
  /// The runs of this rank that ended, on their way to the disk.
  let collector: ShardCollector
  private var floats: DatasetCache<Float>
  private var doubles: DatasetCache<Double>
  private let (floatPrograms, doublePrograms) = (ProgramCache<Float>(), ProgramCache<Double>())

  init(_ terms: SessionTerms, link: RankLink, board: NodeBoard?, provenance: Provenance) {
    self.terms = terms
    self.link = link
    self.provenance = provenance
    (floats, doubles) = (DatasetCache(board: board), DatasetCache(board: board))
    collector = ShardCollector(
      terms.directory, provenance: provenance, rank: link.rank, patience: terms.shardSeconds)
  }

  /// Computes a run to its end, or until a member wishes to leave, and returns the summary for rank 0.
  ///
  /// `heartbeat` is called after every block and while waiting for other members.
  func compute(
    _ run: RunConfiguration, _ assignment: GroupAssignment, heartbeat: @escaping Heartbeat
  ) throws -> RunEnding {
    let reduction = AssignedReduction(assignment, link: link, heartbeat: heartbeat)
    var attempt = RunAttempt(
      run, saving: terms.checkpoint, in: terms.directory.runFiles, provenance: provenance,
      reduction: reduction)
    let result = try train(run, &attempt, reduction) { reduction.source = $0 }
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
  func add(_ failed: RunRecord, assignment: Int) {
    collector.add(failed, assignment: assignment, seconds: 0)
  }

  private func train(
    _ run: RunConfiguration, _ attempt: inout RunAttempt, _ reduction: AssignedReduction,
    progress: (any ProgressSource) throws -> Void
  ) throws -> RunResult {
    switch run.precision {
    case .float:
      let data = try Self.reading { try floats.load(run.data, whileWaiting: reduction.heartbeat) }
      return try attempt.compute(
        data, programs: floatPrograms, residualMemory: terms.residualMemory, progress: progress)
    case .double:
      let data = try Self.reading { try doubles.load(run.data, whileWaiting: reduction.heartbeat) }
      return try attempt.compute(
        data, programs: doublePrograms, residualMemory: terms.residualMemory, progress: progress)
    }
  }

  /// Data was checked before anything ran: what is wrong with it now is no fault of the run.
  private static func reading<Data>(_ load: () throws -> Data) throws -> Data {
    do {
      return try load()
    } catch let problem as Problem {
      throw MachineFault(cause: problem)
    }
  }
}
