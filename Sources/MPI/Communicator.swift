internal import CMPI

/// A set of processes that exchange messages, apart from the messages of every other communicator.
///
/// Ranks and tags are as in MPI. All waits are polite: see `PollingBackoff`.
@safe public struct Communicator: ~Copyable {
  let handle: MPI_Comm
  private let isOwned: Bool
  /// The number of this process, from 0.
  public let rank: Int
  /// The number of processes.
  public let size: Int
  let scratch = TreeSumScratch()
  let outbox = Outbox()

  /// All processes of the job.
  public static func world() -> Communicator {
    precondition(MPIEnvironment.isInitialized, "MPI has to be started before it is used.")
    do {
      return try unsafe Communicator(CMPI_COMM_WORLD(), isOwned: false)
    } catch {
      preconditionFailure("MPI does not know its own world: \(error)")
    }
  }

  private init(_ handle: MPI_Comm, isOwned: Bool) throws(MPIError) {
    var (rank, size): (CInt, CInt) = (0, 0)
    try check("MPI_Comm_rank", unsafe MPI_Comm_rank(handle, &rank))
    try check("MPI_Comm_size", unsafe MPI_Comm_size(handle, &size))
    unsafe self.handle = unsafe handle
    self.isOwned = isOwned
    self.rank = Int(rank)
    self.size = Int(size)
  }

  /// Makes a communicator of the same processes, for messages of another kind.
  ///
  /// All of them take part.
  public borrowing func duplicate() throws(MPIError) -> Communicator {
    var copy: MPI_Comm? = nil
    try check("MPI_Comm_dup", unsafe MPI_Comm_dup(handle, &copy))
    guard let copy = unsafe copy else { preconditionFailure("MPI_Comm_dup returned no communicator.") }
    return try unsafe Communicator(copy, isOwned: true)
  }

  deinit {
    guard isOwned, !MPIEnvironment.isFinalized else { return }
    outbox.forgetAll()
    var freed: MPI_Comm? = unsafe handle
    _ = unsafe MPI_Comm_free(&freed)
  }
}
