internal import Glibc

extension Problem {
  /// What a system call that failed means for the user.
  ///
  /// - Parameters:
  ///   - subject: the file or directory.
  ///   - action: what was tried, as in `"cannot be written to"`.
  ///   - code: `errno` right after the call.
  public init(_ subject: String, _ action: String, errno code: Int32) {
    let (cause, remedy) = Self.words(for: code)
    self.init(subject, "\(action) (\(cause))", remedy: remedy, systemError: code)
  }

  /// Whether the machine is at fault (a full disk, a quota, a device that fails), so that whatever is tried next
  /// meets it too.
  public var isOfMachine: Bool { systemError.map(Self.machineFaults.contains) ?? false }

  /// The errors that say nothing about the file itself.
  private static let machineFaults: Set<Int32> = [ENOSPC, EDQUOT, EIO, EFBIG, EMFILE, ENFILE, ENOMEM]

  private static func words(for code: Int32) -> (cause: String, remedy: String) {
    switch code {
    case ENOENT: ("no such file or directory", "check the path")
    case EACCES, EPERM: ("permission denied", "check the rights of the file and of the directories above it")
    case ENOTDIR: ("a part of the path is a file, not a directory", "name another path")
    case EISDIR: ("it is a directory", "name a file")
    case ELOOP: ("too many symbolic links, perhaps a link to itself", "mend the link")
    case ENAMETOOLONG: ("the name is too long", "use a shorter one")
    case ENOSPC: ("no space left on the device", "free some space and run the same command again")
    case EDQUOT: ("the disk quota is used up", "free some space and run the same command again")
    case EFBIG:
      ("the file is larger than a limit allows", "raise the limit (ulimit -f) and run the same command again")
    case EROFS: ("the file system is read-only", "name another directory")
    case EIO: ("the device reports an error", "check the disk, or name a directory on another one")
    case EMFILE, ENFILE: ("too many open files", "raise the limit (ulimit -n)")
    case EPIPE: ("its reader is gone", "run the same command again")
    case EBADF: ("it is closed", "open it, or send it to a file")
    case ENXIO: ("nothing answers at the other end", "name a regular file")
    default:
      (unsafe String(cString: strerror(code)).lowercased(), "check the path and the rights of its directory")
    }
  }
}
