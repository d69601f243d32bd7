import Learning
import LinearAlgebra
import MPI

/// The reductions of one assignment over its members.
final class AssignedReduction: GroupReduction {
  private let link: RankLink
  private let assignment: GroupAssignment
  private let beat: (Int) throws -> Bool

  let rank: Int
  var size: Int { assignment.members.count }
  private(set) var wishesToLeave = false
  /// The number of steps done, for the heartbeat.
  var stepsDone = 0

  /// Takes part in the reductions of `assignment`.
  ///
  /// `heartbeat` is called after every block and while a sum waits for other members, with the number of steps done. It
  /// says whether this member wishes to leave with the work saved, and may throw to leave at once.
  init(_ assignment: GroupAssignment, link: RankLink, heartbeat: @escaping (Int) throws -> Bool) {
    self.assignment = assignment
    self.link = link
    beat = heartbeat
    rank = assignment.members.firstIndex(of: link.rank) ?? 0
  }

  func heartbeat() throws {
    if try beat(stepsDone) { wishesToLeave = true }
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
