internal import Glibc
public import Problems

/// Reads whole files.
public enum FileContents {
  /// The bytes of a file, which may also be a pipe; nil where there is none.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - offset: how many bytes to pass over, in a regular file.
  /// - Returns: the bytes.
  /// - Throws: a problem for everything else, above all where the file may not be read.
  public static func readIfPresent(_ path: String, from offset: Int = 0) throws(Problem) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw Problem(path, "cannot be read", errno: errno)
    }
    defer { close(descriptor) }
    if offset > 0 { lseek(descriptor, offset, SEEK_SET) }
    return try readAll(descriptor, path)
  }

  /// The first bytes of a file, fewer where it is shorter.
  ///
  /// - Throws: a problem where there is none, or it may not be read.
  public static func beginning(of path: String, count: Int) throws(Problem) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Problem(path, "cannot be read", errno: errno) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: count)
    let read = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
    guard read >= 0 else { throw Problem(path, "cannot be read", errno: errno) }
    return Array(bytes.prefix(read))
  }

  /// The bytes of a file, which may also be a pipe.
  ///
  /// - Throws: a problem where there is none, or it may not be read.
  public static func read(_ path: String) throws(Problem) -> [UInt8] {
    if let bytes = try readIfPresent(path) { return bytes }
    throw Problem(path, "there is no such file", remedy: "check the path")
  }

  /// The first bytes of a file, at most `count` of them.
  public static func readBeginning(of path: String, count: Int) throws(Problem) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Problem(path, "cannot be read", errno: errno) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: count)
    let read = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
    guard read >= 0 else { throw Problem(path, "cannot be read", errno: errno) }
    return Array(bytes.prefix(read))
  }

  /// Everything on standard input.
  public static func readStandardInput() throws(Problem) -> [UInt8] {
    try readAll(STDIN_FILENO, "standard input")
  }

  private static func readAll(_ descriptor: CInt, _ path: String) throws(Problem) -> [UInt8] {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe part.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count == 0 { return bytes }
      if count > 0 {
        bytes.append(contentsOf: part[..<count])
      } else if errno != EINTR {
        throw Problem(path, "cannot be read", errno: errno)
      }
    }
  }
}
