internal import Glibc
public import Problems

/// Lists, makes and tries directories.
public enum Directory {
  /// The names in a directory, sorted, without `.` and `..`; nil where there is none.
  ///
  /// - Throws: a problem for everything else, above all where the directory may not be read.
  public static func names(_ path: String) throws(Problem) -> [String]? {
    guard let directory = unsafe opendir(path) else {
      if errno == ENOENT { return nil }
      throw Problem(path, "cannot be listed", errno: errno)
    }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = try unsafe next(directory, path) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Makes a directory, and those above it that are missing.
  ///
  /// - Returns: the directories that were made, outermost first; `removeEmpty` undoes it.
  /// - Throws: a problem where one cannot be made; none is left behind then.
  @discardableResult
  public static func make(_ path: String) throws(Problem) -> [String] {
    var made: [String] = []
    do throws(Problem) {
      for part in UserPath.prefixes(of: path) where try makeOne(part) { made.append(part) }
    } catch {
      removeEmpty(made)
      throw error
    }
    return made
  }

  /// Whether there was no directory yet.
  private static func makeOne(_ path: String) throws(Problem) -> Bool {
    if try FileKind.of(path) == .directory { return false }
    if unsafe mkdir(path, 0o777) == 0 { return true }
    let code = errno
    if code == EEXIST, try FileKind.of(path) == .directory { return false }
    throw Problem(path, "cannot be made", errno: code)
  }

  /// Removes directories that are empty, innermost first; leaves what holds anything.
  public static func removeEmpty(_ paths: [String]) {
    for path in paths.reversed() { _ = unsafe rmdir(path) }
  }

  /// Tries to write a file as large as a small result into a directory, and removes it.
  ///
  /// An empty file would prove nothing: a full disk takes it.
  ///
  /// - Throws: the problem that the next file would meet.
  public static func probe(_ path: String) throws(Problem) {
    let file = AtomicFile.temporaryPath(for: path + "/probe")
    try AtomicFile.create(file, for: path)
    defer { _ = unsafe unlink(file) }
    try AtomicFile.append([UInt8](repeating: 0, count: 1 << 16), to: file, for: path)
    try AtomicFile.synchronize(file, for: path)
  }

  private static func next(
    _ directory: OpaquePointer, _ path: String
  ) throws(Problem) -> UnsafeMutablePointer<dirent>? {
    errno = 0
    if let entry = unsafe readdir(directory) { return unsafe entry }
    guard errno == 0 else { throw Problem(path, "cannot be listed", errno: errno) }
    return nil
  }
}
