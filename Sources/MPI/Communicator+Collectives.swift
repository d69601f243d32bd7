internal import CMPI

// Collectives: every process of the communicator calls them, in the same order.

extension Communicator {
  /// Waits until every process has come here.
  public borrowing func barrier() throws(MPIError) {
    let handle = unsafe handle
    try Request("MPI_Ibarrier") { unsafe MPI_Ibarrier(handle, &$0) }.wait()
  }

  /// Gives every process the message of `root`.
  public borrowing func broadcast(_ message: inout [UInt8], root: Int) throws(MPIError) {
    let handle = unsafe handle
    var count = Int64(message.count)
    try unsafe withUnsafeMutablePointer(to: &count) { (count) throws(MPIError) in
      try Request("MPI_Ibcast") {
        unsafe MPI_Ibcast(count, 1, CMPI_INT64_T(), CInt(root), handle, &$0)
      }.wait()
    }
    if rank != root { message = [UInt8](repeating: 0, count: Int(count)) }
    try unsafe message.withUnsafeMutableBufferPointer { (bytes) throws(MPIError) in
      try Request("MPI_Ibcast") {
        unsafe MPI_Ibcast(bytes.baseAddress, CInt(bytes.count), CMPI_BYTE(), CInt(root), handle, &$0)
      }.wait()
    }
  }

  /// Gives `root` the messages of all processes, by rank, and every other process nothing.
  public borrowing func gather(_ message: [UInt8], root: Int) throws(MPIError) -> [[UInt8]] {
    let counts = try gatherCounts(message.count, root: root)
    let starts = counts.indices.map { counts[..<$0].reduce(0, +) }
    var all = [UInt8](repeating: 0, count: counts.reduce(0, +))
    try gather(message, counts.map { CInt($0) }, starts.map { CInt($0) }, into: &all, root)
    return zip(starts, counts).map { start, count in Array(all[start..<start + count]) }
  }

  /// The lengths of the messages of all processes at `root`, nothing elsewhere.
  private borrowing func gatherCounts(_ count: Int, root: Int) throws(MPIError) -> [Int] {
    let handle = unsafe handle
    var count = Int64(count)
    var counts = [Int64](repeating: 0, count: rank == root ? size : 0)
    try unsafe withUnsafePointer(to: &count) { (count) throws(MPIError) in
      try unsafe counts.withUnsafeMutableBufferPointer { (counts) throws(MPIError) in
        try Request("MPI_Igather") {
          unsafe MPI_Igather(
            count, 1, CMPI_INT64_T(), counts.baseAddress, 1, CMPI_INT64_T(), CInt(root), handle, &$0)
        }.wait()
      }
    }
    return counts.map { Int($0) }
  }

  private borrowing func gather(
    _ message: [UInt8], _ counts: [CInt], _ starts: [CInt], into all: inout [UInt8], _ root: Int
  ) throws(MPIError) {
    let handle = unsafe handle
    try unsafe message.withUnsafeBufferPointer { (message) throws(MPIError) in
      try unsafe counts.withUnsafeBufferPointer { (counts) throws(MPIError) in
        try unsafe starts.withUnsafeBufferPointer { (starts) throws(MPIError) in
          try unsafe all.withUnsafeMutableBufferPointer { (all) throws(MPIError) in
            try Request("MPI_Igatherv") {
              unsafe MPI_Igatherv(
                message.baseAddress, CInt(message.count), CMPI_BYTE(), all.baseAddress, counts.baseAddress,
                starts.baseAddress, CMPI_BYTE(), CInt(root), handle, &$0)
            }.wait()
          }
        }
      }
    }
  }
}
