internal import Glibc
public import Problems

/// What stands at a path.
public enum FileKind: Hashable, Sendable {
  /// Nothing, not even a dangling link.
  case absent
  /// A regular file.
  case regular
  /// A directory.
  case directory
  /// A pipe, a terminal, a device or a socket.
  case special
  /// A symbolic link to nothing.
  case danglingLink

  /// Looks at a path; links are followed.
  ///
  /// - Throws: a problem where the directories above may not be searched, so that what stands there is not known: never
  ///   take that for absent.
  public static func of(_ path: String) throws(Problem) -> FileKind {
    var status = stat()
    guard unsafe stat(path, &status) != 0 else { return FileKind(status) }
    switch errno {
    case ENOENT, ENOTDIR: return unsafe lstat(path, &status) == 0 ? .danglingLink : .absent
    default: throw Problem(path, "cannot be looked at", errno: errno)
    }
  }

  private init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = .regular
    case S_IFDIR: self = .directory
    default: self = .special
    }
  }
}
