import Foundation
import Glibc

/// Keeps two sweeps from working in one directory.
///
/// The kernel drops the lock when the process ends, however it
/// ends, so nothing is left behind after a crash.
public struct DirectoryLock: ~Copyable {
  private let file: FileHandle

  /// Takes the lock of `directory`; a `shared` one keeps sweeps away, but not others that share it.
  ///
  /// - Throws: `OutputError` when another process holds it.
  public init(_ directory: OutputDirectory, shared: Bool = false) throws {
    guard let file = Self.open(directory) else {
      throw OutputError("\(directory.path): cannot create its lock file; check the directory's permissions")
    }
    guard Self.take(file, shared ? LOCK_SH : LOCK_EX) else {
      throw OutputError(
        "\(directory.path): another eos-sweep is at work here; wait for it, or name another directory with -o"
      )
    }
    self.file = file
  }

  deinit { try? file.close() }

  /// Gives the directory back.
  public consuming func release() {}

  /// Whether a sweep holds the lock of `directory` (on this machine, or through a file system that shares locks).
  public static func isHeld(_ directory: OutputDirectory) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path(directory)) else { return false }
    defer { try? file.close() }
    return !take(file, LOCK_SH)
  }

  /// Whether the lock could be taken, or the file system has no locks, as some clusters' have none.
  ///
  /// Asking takes the lock for a moment itself, so one that is held gets a second to become free.
  private static func take(_ file: FileHandle, _ kind: CInt) -> Bool {
    for _ in 0..<10 {
      if flock(file.fileDescriptor, kind | LOCK_NB) == 0 || errno != EWOULDBLOCK { return true }
      Thread.sleep(forTimeInterval: 0.1)
    }
    return false
  }

  private static func path(_ directory: OutputDirectory) -> String { directory.path + "/.lock" }

  private static func open(_ directory: OutputDirectory) -> FileHandle? {
    let path = path(directory)
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    return FileHandle(forUpdatingAtPath: path)
  }
}
