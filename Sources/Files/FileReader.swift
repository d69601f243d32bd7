internal import Glibc
public import Problems

/// A regular file that is open for reading, for files that are too large to be held in memory.
public struct FileReader: ~Copyable {
  /// The path, as it was given.
  public let path: String
  /// The length in bytes when the file was opened.
  public let size: Int
  private let descriptor: CInt

  /// Opens a file.
  ///
  /// - Throws: a problem where there is none, it may not be read, or it is something else than a regular file.
  public init(_ path: String) throws(Problem) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Problem(path, "cannot be read", errno: errno) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      let code = status.st_mode & S_IFMT == S_IFDIR ? EISDIR : ENXIO
      close(descriptor)
      throw Problem(path, "cannot be read", errno: code)
    }
    self.path = path
    self.descriptor = descriptor
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// The last bytes of the file: so many, or all where there are fewer.
  public borrowing func suffix(_ count: Int) throws(Problem) -> [UInt8] {
    var bytes: [UInt8] = []
    try forEachPart(max(0, size - count)..<size) { part in bytes += part }
    return bytes
  }

  /// Hands the bytes of a range over in order, in parts of at most a mebibyte.
  ///
  /// - Throws: a problem where they cannot be read, or the file has become shorter.
  public borrowing func forEachPart(
    _ range: Range<Int>, _ body: (ArraySlice<UInt8>) -> Void
  ) throws(Problem) {
    var buffer = [UInt8](repeating: 0, count: min(range.count, 1 << 20))
    for start in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 20) {
      let count = min(buffer.count, range.upperBound - start)
      try fill(&buffer, count, from: start)
      body(buffer[..<count])
    }
  }

  private borrowing func fill(
    _ buffer: inout [UInt8], _ wanted: Int, from start: Int
  ) throws(Problem) {
    var filled = 0
    while filled < wanted {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe pread(descriptor, $0.baseAddress?.advanced(by: filled), wanted - filled, off_t(start + filled))
      }
      if count > 0 {
        filled += count
      } else if count == 0 {
        throw Problem(path, "it has become shorter while it was read", remedy: "try again")
      } else if errno != EINTR {
        throw Problem(path, "cannot be read", errno: errno)
      }
    }
  }
}
