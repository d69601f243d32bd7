package import LinearAlgebra
package import MPI

/// A rank's connection to the others: orders and reports on one communicator, reductions on another, so that
/// neither can be mistaken for the other.
package final class RankLink: Transport {
  package let rank: Int
  package let size: Int
  private let control: Communicator
  private let reductions: Communicator
  private let wire = Wire()
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  /// What rank 0 tells itself.
  private var ownOrders: ArraySlice<Order> = []
  private var ownReports: ArraySlice<Report> = []

  private static let orderTag = 1
  private static let reportTag = 2

  /// Collective over all ranks.
  package init() throws {
    let world = Communicator.world()
    control = try world.duplicate()
    reductions = try world.duplicate()
    rank = world.rank
    size = world.size
    start = clock.now
  }

  var now: Double { start.duration(to: clock.now) / .seconds(1) }

  // MARK: - Rank 0's side

  func send(_ order: Order, to rank: Int) throws {
    guard rank != self.rank else { return ownOrders.append(order) }
    try control.post(try wire.encode(order), to: rank, tag: Self.orderTag)
  }

  func nextReport() throws -> (report: Report, rank: Int)? {
    try control.movePosts()
    if let report = ownReports.popFirst() { return (report, rank) }
    guard let envelope = try control.probe(source: nil, tag: Self.reportTag) else { return nil }
    return (try wire.decode(Report.self, try control.receive(envelope)), envelope.source)
  }

  // MARK: - Every rank's side

  func send(_ report: Report) throws {
    guard rank != 0 else { return ownReports.append(report) }
    try control.post(try wire.encode(report), to: 0, tag: Self.reportTag)
  }

  func nextOrder() throws -> Order? {
    try control.movePosts()
    if let order = ownOrders.popFirst() { return order }
    guard let envelope = try control.probe(source: nil, tag: Self.orderTag) else { return nil }
    return try wire.decode(Order.self, try control.receive(envelope))
  }

  func forget(_ rank: Int) { control.forgetPosts(to: rank) }

  /// Waits until the messages to the living have left, but not for ever.
  func drain(for seconds: Double) throws {
    let end = now + seconds
    var backoff = PollingBackoff.idle
    while try !control.movePosts(), now < end { backoff.pause() }
  }

  /// Hands `message` of rank 0 to every rank; collective.
  package func broadcast(_ message: inout [UInt8]) throws {
    try control.broadcast(&message, root: 0)
  }

  /// Adds up a vector over the members of an assignment; the same bits on every member.
  package func sum<Scalar: RealScalar & MPIScalar>(
    _ vector: Vector<Scalar>, in assignment: GroupAssignment, whileWaiting: () throws -> Void
  ) throws {
    try vector.withMutableSpan { (values: inout MutableSpan<Scalar>) throws in
      try reductions.treeSum(
        &values, among: assignment.members, tag: assignment.tag, whileWaiting: whileWaiting)
    }
  }
}
