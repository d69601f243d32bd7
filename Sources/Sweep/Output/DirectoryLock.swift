internal import Files
public import Problems

/// Keeps two sweeps from working in one directory.
public struct DirectoryLock: ~Copyable {
  private let lock: FileLock

  /// Takes the lock of `directory`; a `shared` one keeps sweeps away, but not others that share it.
  ///
  /// - Throws: a problem when another process holds it, with this remedy.
  public init(
    _ directory: OutputDirectory, shared: Bool = false,
    remedy: String = "wait for it, or name another directory with -o"
  ) throws(Problem) {
    guard let lock = try FileLock(directory.lockFile, shared: shared) else {
      throw Problem(directory.path, "another eos-sweep is at work here", remedy: remedy)
    }
    self.lock = lock
  }

  /// Gives the directory back.
  public consuming func release() {}

  /// Whether a sweep holds the lock of `directory` (on this machine, or through a file system that shares locks).
  public static func isHeld(_ directory: OutputDirectory) -> Bool { FileLock.isHeld(directory.lockFile) }
}
