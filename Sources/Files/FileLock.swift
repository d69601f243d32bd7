internal import Glibc
public import Problems

/// A lock that the kernel drops when the process ends, however it ends, so that nothing is left behind after a crash.
public struct FileLock: ~Copyable {
  private let descriptor: CInt

  /// Takes the lock of a file, which is made where there is none; nil where another process holds it.
  ///
  /// Several processes may have a `shared` one, but none then has one that is not.
  ///
  /// A file system that has no locks, as some clusters' have none, counts as one that is free.
  ///
  /// - Throws: a problem where the file cannot be opened.
  public init?(_ path: String, shared: Bool = false) throws(Problem) {
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Problem(path, "cannot be opened", errno: errno) }
    guard Self.take(descriptor, shared ? LOCK_SH : LOCK_EX, attempts: 10) else { return nil }
  }

  deinit { close(descriptor) }

  /// Whether some process holds the lock of a file (on this machine, or through a file system that shares locks).
  public static func isHeld(_ path: String) -> Bool {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return !take(descriptor, LOCK_SH, attempts: 1)
  }

  /// Whether the lock could be taken.
  ///
  /// Asking takes the lock for a moment itself, so whoever needs it gives one that is held a second to become free.
  private static func take(_ descriptor: CInt, _ kind: CInt, attempts: Int) -> Bool {
    for attempt in 1...attempts {
      if flock(descriptor, kind | LOCK_NB) == 0 || errno != EWOULDBLOCK { return true }
      if attempt < attempts { usleep(100_000) }
    }
    return false
  }
}
