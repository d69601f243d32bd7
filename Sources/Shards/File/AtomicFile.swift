internal import Glibc

/// Files that exist under their final name only when they are complete.
///
/// The file is written under a temporary name in the same directory, forced to disk, renamed, and the
/// directory is forced to disk: a process or a machine that dies at any time leaves the old file or the new
/// one.
public enum AtomicFile {
  /// Has `body` write the file at the temporary path it is handed, then puts it in the place of `path`.
  ///
  /// - Throws: What `body` throws, or a `ShardError`; nothing is left under the temporary name then.
  public static func replace(
    _ path: String, writing body: (_ temporaryPath: String) throws -> Void
  ) throws {
    let temporary = path + ".partial"
    do {
      try body(temporary)
      try synchronize(temporary)
      guard unsafe rename(temporary, path) == 0 else {
        throw failure(path, "renaming \(temporary) to it failed")
      }
    } catch {
      _ = unsafe unlink(temporary)
      throw error
    }
    try synchronize(directory(of: path))
  }

  /// Forces a file or a directory to disk.
  private static func synchronize(_ path: String) throws(ShardError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, "opening it failed") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure(path, "forcing it to disk failed") }
  }

  private static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func failure(_ path: String, _ what: String) -> ShardError {
    let text = unsafe String(cString: strerror(errno))
    return ShardError(path, "\(what): \(text.lowercased()); check rights and space of its directory")
  }
}
