internal import Glibc
internal import Problems
internal import Synchronization

/// Files that exist under their final name only when they are complete.
///
/// The file is written under a temporary name in the same directory, forced to disk, renamed, and the
/// directory is forced to disk: a process or a machine that dies at any time leaves the old file or the new
/// one. Temporary names are unique to the process, so that two writers never share one.
public enum AtomicFile {
  /// How the names of unfinished files end; they begin with a dot.
  public static let temporarySuffix = ".partial"

  /// Has `body` fill the empty file at the temporary path it is handed, then puts it in the place of `path`.
  ///
  /// - Throws: What `body` throws, or a `Problem`; nothing is left under the temporary name then.
  public static func replace(
    _ path: String, writing body: (_ temporaryPath: String) throws -> Void
  ) throws {
    let temporary = temporaryPath(for: path)
    try create(temporary, for: path)
    do {
      try body(temporary)
      try synchronize(temporary, for: path)
      guard unsafe rename(temporary, path) == 0 else {
        throw Problem(path, "cannot be put in place", errno: errno)
      }
    } catch {
      _ = unsafe unlink(temporary)
      throw error
    }
    try synchronize(directory(of: path), for: path)
  }

  /// Writes a file of these bytes in the place of `path`.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    try replace(path) { temporary in try writeAll(bytes, to: temporary, for: path) }
  }

  private static let written = Atomic<Int>(0)

  private static func temporaryPath(for path: String) -> String {
    var host = [CChar](repeating: 0, count: 65)
    _ = unsafe gethostname(&host, host.count - 1)
    let name = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let number = written.wrappingAdd(1, ordering: .relaxed).newValue
    let base = path.split(separator: "/").last.map(String.init) ?? path
    // File systems end names at 255 bytes, which a run's id may come close to.
    let short = String(decoding: base.utf8.prefix(120), as: UTF8.self)
    return "\(directory(of: path))/.\(short).\(name)-\(getpid())-\(number)\(temporarySuffix)"
  }

  private static func writeAll(_ bytes: [UInt8], to temporary: String, for path: String) throws(Problem) {
    let descriptor = unsafe open(temporary, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Problem(path, "cannot be written", errno: errno) }
    defer { close(descriptor) }
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes[start...].withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count >= 0 {
        start += count
      } else if errno != EINTR {
        throw Problem(path, "cannot be written", errno: errno)
      }
    }
  }

  /// Makes the empty file, so that a directory that is missing or closed is told of `path` and not of a name that the
  /// user never saw.
  private static func create(_ temporary: String, for path: String) throws(Problem) {
    let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Problem(path, "cannot be written", errno: errno) }
    close(descriptor)
  }

  /// Forces a file or a directory to disk.
  private static func synchronize(_ file: String, for path: String) throws(Problem) {
    let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Problem(path, "cannot be written", errno: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw Problem(path, "cannot be forced to disk", errno: errno)
    }
  }

  private static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
