internal import Glibc
public import Problems
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
  /// A link is followed, so that the file it leads to is replaced.
  ///
  /// - Throws: What `body` throws, or a `Problem`; nothing is left under the temporary name then. Only a regular file is
  ///   ever replaced.
  public static func replace(
    _ path: String, writing body: (_ temporaryPath: String) throws -> Void
  ) throws {
    try requireReplaceable(path)
    let path = resolved(path)
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
      throw (error as? Problem)?.renamed(temporary, to: path) ?? error
    }
    try synchronize(directory(of: path), for: path)
  }

  /// Writes a file of these bytes in the place of `path`.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    try replace(path) { temporary in try append(bytes, to: temporary, for: path) }
  }

  /// Puts these bytes in the place of `path` without forcing them to disk: for what nobody needs once the machine is down.
  ///
  /// - Returns: Whether that was possible; the old file stays where it was not, and nothing under the temporary name.
  @discardableResult
  public static func offer(_ bytes: [UInt8], to path: String) -> Bool {
    let temporary = temporaryPath(for: path)
    do throws(Problem) {
      try create(temporary, for: path)
      try append(bytes, to: temporary, for: path)
      try move(temporary, to: path)
      return true
    } catch {
      _ = unsafe unlink(temporary)
      return false
    }
  }

  /// Removes a file; one that is not there, or cannot be removed, stays as it is.
  public static func remove(_ path: String) { _ = unsafe unlink(path) }

  /// Gives a file another name, in the place of what has that name.
  public static func move(_ path: String, to other: String) throws(Problem) {
    guard unsafe rename(path, other) == 0 else { throw Problem(path, "cannot be renamed", errno: errno) }
  }

  /// Refuses a path at which there is anything but a regular file.
  ///
  /// - Throws: The problem; none where there is nothing.
  public static func requireReplaceable(_ path: String) throws(Problem) {
    let (what, remedy): (String, String)
    switch try FileKind.of(path) {
    case .absent, .regular: return
    case .directory: (what, remedy) = ("is a directory", "name a file")
    case .special: (what, remedy) = ("is a device or a pipe", "name a regular file")
    case .danglingLink: (what, remedy) = ("is a link to nothing", "remove the link, or make what it leads to")
    }
    throw Problem(path, "\(what), so no file can be written there", remedy: remedy)
  }

  private static func resolved(_ path: String) -> String {
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    var status = stat()
    let isLink = unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    return isLink ? unsafe String(cString: real) : path
  }

  // MARK: - Temporary names

  private static let written = Atomic<Int>(0)

  /// The name of this machine.
  public static let hostName: String = {
    var host = [CChar](repeating: 0, count: 65)
    _ = unsafe gethostname(&host, host.count - 1)
    return String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }()

  /// A name in the same directory that no other writer has.
  public static func temporaryPath(for path: String) -> String {
    let number = written.wrappingAdd(1, ordering: .relaxed).newValue
    let base = path.split(separator: "/").last.map(String.init) ?? path
    // File systems end names at 255 bytes, which a run's id may come close to.
    let short = String(decoding: base.utf8.prefix(120), as: UTF8.self)
    return "\(directory(of: path))/.\(short).\(hostName)-\(getpid())-\(number)\(temporarySuffix)"
  }

  /// The machine and the process that made a temporary name; nil for other names.
  static func writer(ofTemporary name: String) -> (host: String, process: pid_t)? {
    guard name.hasPrefix("."), name.hasSuffix(temporarySuffix) else { return nil }
    let parts = name.dropLast(temporarySuffix.count).split(separator: "-")
    guard parts.count >= 3, Int(parts[parts.count - 1]) != nil, let process = pid_t(parts[parts.count - 2])
    else {
      return nil
    }
    let isOurs = parts.dropLast(2).joined(separator: "-").hasSuffix(".\(hostName)")
    return (isOurs ? hostName : "", process)
  }

  // MARK: - Writing

  /// Puts bytes at the end of a file at a temporary path.
  ///
  /// - Throws: A `Problem` that names `path`, the file that it is to become.
  public static func append(_ bytes: [UInt8], to temporary: String, for path: String) throws(Problem) {
    let descriptor = unsafe open(temporary, O_WRONLY | O_APPEND | O_CLOEXEC)
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
  static func create(_ temporary: String, for path: String) throws(Problem) {
    let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Problem(path, "cannot be written", errno: errno) }
    close(descriptor)
  }

  /// Forces a file or a directory to disk.
  static func synchronize(_ file: String, for path: String) throws(Problem) {
    let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Problem(path, "cannot be written", errno: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw Problem(path, "cannot be forced to disk", errno: errno)
    }
  }

  static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

extension Problem {
  /// The same problem of the file that the user knows; its temporary name says nothing.
  fileprivate func renamed(_ temporary: String, to path: String) -> Problem {
    guard subject.hasPrefix(temporary) else { return self }
    return Problem(
      path + subject.dropFirst(temporary.count), sentence, remedy: remedy, systemError: systemError)
  }
}
