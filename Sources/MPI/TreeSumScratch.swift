/// The memory in which a communicator computes its sums, kept from one to the next.
@safe final class TreeSumScratch {
  private var memory: UnsafeMutableRawBufferPointer?

  /// Memory of at least `byteCount` bytes, the same as long as that suffices.
  func reserve(byteCount: Int) -> UnsafeMutableRawPointer {
    if let memory = unsafe memory, memory.count >= byteCount, let start = memory.baseAddress {
      return unsafe start
    }
    unsafe memory?.deallocate()
    let fresh = UnsafeMutableRawBufferPointer.allocate(byteCount: max(byteCount, 64), alignment: 64)
    unsafe memory = unsafe fresh
    guard let start = fresh.baseAddress else { preconditionFailure("Allocated memory has an address.") }
    return unsafe start
  }

  /// Leaves the memory to transfers that were given up, which may still read or write it: it is never freed.
  func abandon() { unsafe memory = nil }

  deinit { unsafe memory?.deallocate() }
}
