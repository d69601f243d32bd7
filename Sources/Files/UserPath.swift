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
  }
}

extension String {
  /// Whether a shell would take the beginning for the home directory of some user.
  fileprivate var isHomeOfAnother: Bool {
    guard hasPrefix("~") else { return false }
    return dropFirst().prefix { $0 != "/" }.allSatisfy { $0.isLetter || $0.isNumber || "._-".contains($0) }
  }
}
