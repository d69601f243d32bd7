internal import Foundation
internal import Glibc
public import Problems

/// Checks paths as users give them, before anything is made of them.
public enum UserPath {
  /// Refuses a path that would mean something else than it says.
  ///
  /// An empty one would name the root once more is appended to it. A leading `~` is a home directory for a shell and for
  /// some libraries, and a plain name for others. Text that is not UTF-8 arrives with replacement characters.
  ///
  /// - Parameters:
  ///   - path: the path as it was given.
  ///   - subject: the option or key that gave it.
  /// - Throws: the problem, which names `subject`.
  public static func check(_ path: String, of subject: String) throws(Problem) {
    if path.isEmpty {
      throw Problem(subject, "the path is empty", remedy: "was a variable not set? write a path")
    }
    if path.utf8.contains(0) {
      throw Problem(subject, "the path holds a zero byte", remedy: "write the path again")
    }
    if path == "~" || path.hasPrefix("~/") || path.isHomeOfAnother {
      throw Problem(
        subject, "'\(path)' begins with ~, which nothing expands here",
        remedy: "write the whole path, or ./\(path) for a directory of that name")
    }
    if path.unicodeScalars.contains("\u{FFFD}") {
      throw Problem(subject, "'\(path)' is not UTF-8", remedy: "rename the file or directory")
    }
    let longest = path.utf8.split(separator: UInt8(ascii: "/")).map(\.count).max() ?? 0
    if longest > 255 || path.utf8.count > 4095 {
      throw Problem(subject, "'\(path.prefix(40))...' is too long for a path", remedy: "use shorter names")
    }
  }

  /// Refuses a path at which there is no directory and none can be made: one through a file, or a link to nothing.
  ///
  /// - Parameters:
  ///   - path: the path as it was given.
  ///   - subject: the option or key that gave it.
  /// - Throws: the problem, which names the part of the path that is at fault.
  public static func checkDirectory(_ path: String, of subject: String) throws(Problem) {
    try check(path, of: subject)
    for part in prefixes(of: path) {
      switch try FileKind.of(part) {
      case .directory: continue
      case .absent: return
      case .danglingLink:
        throw Problem(
          subject, "'\(part)' is a link to nothing", remedy: "remove it, or make what it leads to")
      case .regular, .special:
        throw Problem(subject, "'\(part)' is a file, not a directory", remedy: "name another directory")
      }
    }
  }

  /// The path without slashes at its end, which say nothing; the root stays what it is.
  public static func trimmed(_ path: String) -> String {
    guard let last = path.lastIndex(where: { $0 != "/" }) else { return path.isEmpty ? "" : "/" }
    return String(path[...last])
  }

  /// The name of the directory that a file lies in, links followed; nil where there is no such directory.
  public static func directoryName(of path: String) -> String? {
    guard let real = unsafe realpath(AtomicFile.directory(of: path), nil) else { return nil }
    defer { unsafe free(real) }
    return unsafe String(cString: real).split(separator: "/").last.map(String.init)
  }

  /// A path and the directories above it, as far as it names them, outermost first.
  static func prefixes(of path: String) -> [String] {
    var prefixes: [String] = []
    var end = path.startIndex
    while let start = path[end...].firstIndex(where: { $0 != "/" }) {
      end = path[start...].firstIndex(of: "/") ?? path.endIndex
      prefixes.append(String(path[..<end]))
    }
    return prefixes
  }

  /// What to do where nothing stands at a path, which may be because of what a user expects of paths.
  public static func remedyWhereAbsent(_ path: String) -> String {
    if path.contains("$") { return "write the path itself, since nothing expands $ here" }
    if path.hasPrefix("/") { return "correct the path, or put the file there" }
    return "correct the path, which is relative to \(FileManager.default.currentDirectoryPath)"
  }
}

extension String {
  /// Whether a shell would take the beginning for the home directory of some user.
  fileprivate var isHomeOfAnother: Bool {
    guard hasPrefix("~") else { return false }
    return dropFirst().prefix { $0 != "/" }.allSatisfy { $0.isLetter || $0.isNumber || "._-".contains($0) }
  }
}
