import Learning
import LinearAlgebra

/// The reductions of one assignment over its members.
final class AssignedReduction: GroupReduction {
  private let link: RankLink
  private let assignment: GroupAssignment
  private let heartbeat: () throws -> Void

  let rank: Int
  var size: Int { assignment.members.count }

  /// Takes part in the reductions of `assignment`; `heartbeat` is called while a sum waits for other members, at
  /// every sum of a group of one, and may throw to leave the run.
  init(_ assignment: GroupAssignment, link: RankLink, heartbeat: @escaping () throws -> Void) {
    self.assignment = assignment
    self.link = link
    self.heartbeat = heartbeat
    rank = assignment.members.firstIndex(of: link.rank) ?? 0
  }

  func sum<Scalar: RealScalar>(_ vector: Vector<Scalar>) throws {
    guard size > 1 else { return try heartbeat() }
    if let vector = vector as? Vector<Float> {
      try link.sum(vector, in: assignment, whileWaiting: heartbeat)
    } else if let vector = vector as? Vector<Double> {
      try link.sum(vector, in: assignment, whileWaiting: heartbeat)
    } else {
      preconditionFailure("Vectors are of Float or Double.")
    }
  }
}
