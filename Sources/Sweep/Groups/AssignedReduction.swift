import Learning
import LinearAlgebra

/// The reductions of one assignment over its members.
final class AssignedReduction: GroupReduction {
  private let link: RankLink
  private let assignment: GroupAssignment
  private let whileWaiting: () throws -> Void

  let rank: Int
  var size: Int { assignment.members.count }

  /// Takes part in the reductions of `assignment`; `whileWaiting` is called while a sum waits for other members, and
  /// may throw to leave it.
  init(_ assignment: GroupAssignment, link: RankLink, whileWaiting: @escaping () throws -> Void) {
    self.assignment = assignment
    self.link = link
    self.whileWaiting = whileWaiting
    rank = assignment.members.firstIndex(of: link.rank) ?? 0
  }

  func sum<Scalar: RealScalar>(_ vector: Vector<Scalar>) throws {
    guard size > 1 else { return }
    if let vector = vector as? Vector<Float> {
      try link.sum(vector, in: assignment, whileWaiting: whileWaiting)
    } else if let vector = vector as? Vector<Double> {
      try link.sum(vector, in: assignment, whileWaiting: whileWaiting)
    } else {
      preconditionFailure("Vectors are of Float or Double.")
    }
  }
}
