package import LinearAlgebra
package import MPI

/// A rank's connection to the others: orders and reports on one communicator, reductions on another, so that
/// neither can be mistaken for the other.
package final class RankLink {
  package let rank: Int
  package let size: Int
  private let control: Communicator
  private let reductions: Communicator

  private static let orderTag = 1
  private static let reportTag = 2

  /// Collective over all ranks.
  package init() throws {
    let world = Communicator.world()
    control = try world.duplicate()
    reductions = try world.duplicate()
    rank = world.rank
    size = world.size
  }

  // MARK: - Rank 0's side

  func send(_ order: Order, to rank: Int) throws {
    try control.send(try Wire.encode(order), to: rank, tag: Self.orderTag)
  }

  /// The next report, if one has arrived.
  func nextReport() throws -> (report: Report, rank: Int)? {
    guard let envelope = try control.probe(source: nil, tag: Self.reportTag) else { return nil }
    return (try Wire.decode(Report.self, try control.receive(envelope)), envelope.source)
  }

  // MARK: - The other ranks' side

  func send(_ report: Report) throws {
    try control.send(try Wire.encode(report), to: 0, tag: Self.reportTag)
  }

  /// The next order, if one has arrived.
  func nextOrder() throws -> Order? {
    guard let envelope = try control.probe(source: 0, tag: Self.orderTag) else { return nil }
    return try Wire.decode(Order.self, try control.receive(envelope))
  }

  // MARK: - All ranks

  /// Hands `message` of rank 0 to every rank; collective.
  package func broadcast(_ message: inout [UInt8]) throws {
    try control.broadcast(&message, root: 0)
  }

  /// Adds up a vector over the members of an assignment; the same bits on every member.
  package func sum<Scalar: RealScalar & MPIScalar>(
    _ vector: Vector<Scalar>, in assignment: GroupAssignment, whileWaiting: () throws -> Void
  ) throws {
    try vector.withMutableSpan { (values: inout MutableSpan<Scalar>) throws in
      // Tags below 32,768 are valid everywhere; two assignments that far apart cannot overlap in time.
      try reductions.treeSum(
        &values, among: assignment.members, tag: assignment.number % 32_768, whileWaiting: whileWaiting)
    }
  }
}
