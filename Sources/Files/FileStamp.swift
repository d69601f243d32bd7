internal import Glibc
public import Problems

/// Tells two states of a file apart without reading it: whoever replaces a file or writes to it changes its stamp.
public struct FileStamp: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64
  /// The length of the file in bytes.
  public let size: Int64
  private let seconds: Int
  private let nanoseconds: Int

  /// The stamp of a file as it is now; nil where there is none.
  ///
  /// - Throws: a problem where it may not be looked at.
  public static func of(_ path: String) throws(Problem) -> FileStamp? {
    var status = stat()
    if unsafe stat(path, &status) == 0 { return FileStamp(status) }
    guard errno == ENOENT || errno == ENOTDIR else {
      throw Problem(path, "cannot be looked at", errno: errno)
    }
    return nil
  }

  private init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
  }
}
