import Jobs
import LinearAlgebra
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
  private var floats: RunCache<Float>
  private var doubles: RunCache<Double>

  init(_ terms: SessionTerms, link: RankLink, board: NodeBoard?, provenance: Provenance) {
    self.terms = terms
    self.link = link
    self.provenance = provenance
    (floats, doubles) = (RunCache(board: board), RunCache(board: board))
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
    let result = try train(run, &attempt, reduction) { reduction.watch($0) }
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
    case .float: try train(run, &attempt, reduction, &floats, progress: progress)
    case .double: try train(run, &attempt, reduction, &doubles, progress: progress)
    }
  }

  private func train<Scalar: RealScalar>(
    _ run: RunConfiguration, _ attempt: inout RunAttempt, _ reduction: AssignedReduction,
    _ cache: inout RunCache<Scalar>, progress: (any ProgressSource) throws -> Void
  ) throws -> RunResult {
    let data = try Self.reading { try cache.data.load(run.data, whileWaiting: reduction.heartbeat) }
    return try attempt.compute(
      data, programs: cache.programs, residualMemory: terms.residualMemory, progress: progress)
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

/// What the runs of a rank in one precision share: the data that was loaded, the programs that were compiled.
private struct RunCache<Scalar: RealScalar> {
  var data: DatasetCache<Scalar>
  let programs = ProgramCache<Scalar>()

  /// Creates an empty cache; with a board, data is shared with the other ranks that have it.
  init(board: NodeBoard?) { data = DatasetCache(board: board) }
}
