/// What rank 0 knows of the other ranks: who works, who is lost, and who is still to leave a group.
struct Crew {
  /// How a rank was lost.
  enum Loss { case dead, silent }

  /// The ranks that can be given runs.
  private(set) var workers: Set<Int>
  private var losses: [Int: Loss] = [:]
  /// The assignment that a rank was asked to abandon, by rank, until it says that it has left it.
  private var leaving: [Int: Int] = [:]

  init(workers: Range<Int>) { self.workers = Set(workers) }

  /// How the ranks can end, given who is lost.
  var farewell: Farewell {
    if losses.values.contains(.silent) { return .byForce }
    return losses.isEmpty ? .together : .oneByOne
  }

  func loss(of rank: Int) -> Loss? { losses[rank] }

  /// A rank is lost.
  ///
  /// - Returns: whether that is new: a silent one may turn out to be dead.
  mutating func lose(_ rank: Int, _ loss: Loss) -> Bool {
    let known = losses[rank]
    guard known != .dead, known != loss else { return false }
    losses[rank] = loss
    workers.remove(rank)
    if loss == .dead { leaving[rank] = nil }
    return true
  }

  /// A rank is asked to abandon an assignment before it gets another.
  mutating func ask(_ rank: Int, toLeave assignment: Int) {
    leaving[rank] = assignment
    workers.remove(rank)
  }

  /// A rank has left an assignment.
  ///
  /// - Returns: whether it is free for another now.
  mutating func hasLeft(_ rank: Int, _ assignment: Int) -> Bool {
    guard leaving[rank] == assignment else { return false }
    leaving[rank] = nil
    losses[rank] = nil
    workers.insert(rank)
    return true
  }
}
