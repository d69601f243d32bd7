internal import Glibc

/// The memory of vectors: zero at first, aligned to 64 bytes.
///
/// Long vectors come straight from the system and go back to it at once. On the heap they would leave gaps between what
/// stays, and a long run would take more and more.
enum VectorMemory {
  private static let longFrom = 1 << 20

  static func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
    guard byteCount >= longFrom else {
      let bytes = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 64), alignment: 64)
      unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
      return unsafe bytes
    }
    let mapped = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
      fatalError("no memory for a vector of \(byteCount) bytes")
    }
    return unsafe mapped
  }

  static func deallocate(_ bytes: UnsafeMutableRawPointer, byteCount: Int) {
    if byteCount >= longFrom { unsafe munmap(bytes, byteCount) } else { unsafe bytes.deallocate() }
  }
}
