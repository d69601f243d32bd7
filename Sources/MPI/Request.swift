internal import CMPI

/// A transfer under way.
///
/// Whoever starts one keeps its buffer alive until `isComplete`, or abandons both.
@safe struct Request: ~Copyable {
  private var handle: MPI_Request?

  /// Takes over the request that `start` makes.
  @safe init(_ function: String, _ start: (inout MPI_Request?) -> CInt) throws(MPIError) {
    var handle: MPI_Request? = unsafe CMPI_REQUEST_NULL()
    try check(function, unsafe start(&handle))
    unsafe self.handle = unsafe handle
  }

  /// Whether the transfer has ended; moves it on where it has not.
  mutating func isComplete() throws(MPIError) -> Bool {
    var flag: CInt = 0
    try check("MPI_Test", unsafe MPI_Test(&handle, &flag, nil))
    return flag != 0
  }

  /// Waits for the end of the transfer.
  consuming func wait(_ backoff: PollingBackoff = .idle) throws(MPIError) {
    var backoff = backoff
    while try !isComplete() { backoff.pause() }
  }

  /// Gives up a transfer without waiting; the other side, or the library, may still touch its buffer.
  consuming func abandon(isReceive: Bool) {
    guard unsafe handle != CMPI_REQUEST_NULL() else { return }
    if isReceive { _ = unsafe MPI_Cancel(&handle) }
    _ = unsafe MPI_Request_free(&handle)
  }
}
