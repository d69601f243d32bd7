import Learning
import LinearAlgebra
import MPI
import Training

/// Called after every block and while a sum waits for other members.
///
/// It says whether this member wishes to leave with the work saved, and may throw to leave at once.
typealias Heartbeat = (_ progress: () -> RunProgress) throws -> Bool

/// The reductions of one assignment over its members.
final class AssignedReduction: GroupReduction {
  private let link: RankLink
  private let assignment: GroupAssignment
  private let beat: Heartbeat
  private let clock = ContinuousClock()
  private let began: ContinuousClock.Instant

  let rank: Int
  var size: Int { assignment.members.count }
  private(set) var wishesToLeave = false
  /// Who knows how far the run is; nil before it has begun.
  private weak var source: (any ProgressSource)?
  private var isWatching = false

  /// Takes part in the reductions of `assignment`.
  init(_ assignment: GroupAssignment, link: RankLink, heartbeat: @escaping Heartbeat) {
    self.assignment = assignment
    self.link = link
    beat = heartbeat
    rank = assignment.members.firstIndex(of: link.rank) ?? 0
    began = clock.now
  }

  /// Takes note of who knows how far the run is: at the first of many calls, since weak references are slow.
  func watch(_ source: any ProgressSource) {
    guard !isWatching else { return }
    (self.source, isWatching) = (source, true)
  }

  func heartbeat() throws {
    if try beat({ progress }) { wishesToLeave = true }
  }

  private var progress: RunProgress {
    var progress = source?.progress ?? RunProgress(steps: 0)
    progress.seconds = began.duration(to: clock.now) / .seconds(1)
    return progress
  }

  func sum<Scalar: RealScalar>(_ vector: Vector<Scalar>) throws {
    guard size > 1 else { return }
    if let vector = vector as? Vector<Float> {
      try link.sum(vector, in: assignment, whileWaiting: heartbeat)
    } else if let vector = vector as? Vector<Double> {
      try link.sum(vector, in: assignment, whileWaiting: heartbeat)
    } else {
      preconditionFailure("Vectors are of Float or Double.")
    }
  }
}
