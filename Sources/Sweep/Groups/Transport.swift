/// What orders and reports travel by, and what the time is: MPI in a sweep, simulated in tests.
///
/// Messages from one rank to another arrive in the order in which they were sent; those of different senders in any. None is
/// waited for, so a rank that is dead or stuck holds nobody up.
protocol Transport: AnyObject {
  /// This rank.
  var rank: Int { get }
  /// Seconds since some moment of the session, the same for all calls.
  var now: Double { get }

  /// Gives an order: rank 0 to any rank, itself included; where rank 0 is dead, the rank that has noticed it to all others.
  func send(_ order: Order, to rank: Int) throws
  /// The next report, if one has arrived; rank 0's side.
  func nextReport() throws -> (report: Report, rank: Int)?

  /// Tells rank 0 something.
  func send(_ report: Report) throws
  /// The next order, if one has arrived.
  func nextOrder() throws -> Order?

  /// Gives up messages on their way to a rank that is dead.
  func forget(_ rank: Int)
}
