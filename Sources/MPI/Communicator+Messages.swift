internal import CMPI

/// What is known of a message before it is received.
public struct Envelope: Hashable, Sendable {
  /// The rank of the sender.
  public let source: Int
  /// The tag it was sent with.
  public let tag: Int
  /// Its length.
  public let byteCount: Int
}

extension Communicator {
  /// Sends a control message, and returns when it has left, which for small ones is at once.
  public borrowing func send(_ message: [UInt8], to destination: Int, tag: Int) throws(MPIError) {
    let handle = unsafe handle
    try unsafe message.withUnsafeBufferPointer { (bytes) throws(MPIError) in
      let request = try Request("MPI_Isend") { request in
        unsafe MPI_Isend(
          bytes.baseAddress, CInt(bytes.count), CMPI_BYTE(), CInt(destination), CInt(tag), handle, &request)
      }
      try request.wait()
    }
  }

  /// Tells whether a message has arrived, without receiving it; `nil` stands for any source and any tag.
  public borrowing func probe(source: Int? = nil, tag: Int? = nil) throws(MPIError) -> Envelope? {
    var flag: CInt = 0
    var status = MPI_Status()
    let source = source.map { CInt($0) } ?? MPI_ANY_SOURCE
    let tag = tag.map { CInt($0) } ?? MPI_ANY_TAG
    try check("MPI_Iprobe", unsafe MPI_Iprobe(source, tag, handle, &flag, &status))
    guard flag != 0 else { return nil }
    var count: CInt = 0
    try check("MPI_Get_count", unsafe MPI_Get_count(&status, CMPI_BYTE(), &count))
    return Envelope(source: Int(status.MPI_SOURCE), tag: Int(status.MPI_TAG), byteCount: Int(count))
  }

  /// Receives the message that `probe` told of.
  public borrowing func receive(_ envelope: Envelope) throws(MPIError) -> [UInt8] {
    let handle = unsafe handle
    var message = [UInt8](repeating: 0, count: envelope.byteCount)
    try unsafe message.withUnsafeMutableBufferPointer { (bytes) throws(MPIError) in
      let request = try Request("MPI_Irecv") { request in
        unsafe MPI_Irecv(
          bytes.baseAddress, CInt(bytes.count), CMPI_BYTE(), CInt(envelope.source), CInt(envelope.tag),
          handle,
          &request)
      }
      try request.wait()
    }
    return message
  }
}
