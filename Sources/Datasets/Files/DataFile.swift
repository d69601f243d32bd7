import Files
import Problems

/// A file or directory that a job names: what is wrong with it is said under the key that names it.
public struct DataFile: Hashable, Sendable {
  /// The dotted key of the job.
  public let key: String
  /// The path as it was written, or of a file in a directory that was.
  public let path: String

  /// Names a file; nothing is looked at.
  public init(key: String, path: String) {
    self.key = key
    self.path = path
  }

  /// Something in this directory, under the same key.
  func appending(_ name: String) -> DataFile {
    DataFile(key: key, path: path.hasSuffix("/") ? path + name : "\(path)/\(name)")
  }

  /// A sentence about the file, which begins with its path.
  func problem(_ sentence: String, remedy: String) -> Problem {
    Problem(key, "\(path) \(sentence)", remedy: remedy)
  }

  /// A problem of the file, or of what is in it, under the key.
  func problem(_ problem: Problem) -> Problem {
    Problem(
      key, "\(path) \(problem.sentence)", remedy: problem.remedy, systemError: problem.systemError)
  }

  /// What stands there.
  func kind() throws(Problem) -> FileKind {
    try UserPath.check(path, of: key)
    do {
      return try FileKind.of(path)
    } catch {
      throw problem(error)
    }
  }

  /// Throws unless it is a file that can be read as often as it is needed.
  func requireFile() throws(Problem) {
    switch try kind() {
    case .regular: return
    case .absent: throw problem("does not exist", remedy: UserPath.remedyWhereAbsent(path))
    case .danglingLink:
      throw problem("is a link to nothing", remedy: "mend the link, or name the file itself")
    case .directory:
      throw problem("is a directory, which holds \(try contents())", remedy: "name a file in it")
    case .special:
      throw problem(
        "is a pipe or a device, which can be read only once", remedy: "write its contents to a file")
    }
  }

  /// The names in this directory, in order.
  func names() throws(Problem) -> [String] {
    do {
      return try Directory.names(path) ?? []
    } catch {
      throw problem(error)
    }
  }

  /// The names in this directory, as many as a sentence can take.
  func contents() throws(Problem) -> String { try names().listed }
}

extension [String] {
  /// The first few, separated by commas.
  var listed: String {
    let shown = prefix(8).joined(separator: ", ")
    if isEmpty { return "nothing" }
    return count > 8 ? "\(shown) and \(count - 8) more" : shown
  }
}

// MARK: - Looking for files in directories

extension DataFile {
  /// Throws unless it is a directory.
  func requireDirectory() throws(Problem) {
    switch try kind() {
    case .directory: return
    case .absent: throw problem("does not exist", remedy: UserPath.remedyWhereAbsent(path))
    case .danglingLink: throw problem("is a link to nothing", remedy: "mend the link, or name the folder")
    case .regular, .special: throw problem("is a file, not a folder", remedy: "name the folder it is in")
    }
  }

  /// The first of some names at which something stands in this directory.
  func first(of names: [String]) throws(Problem) -> DataFile? {
    for name in names {
      let file = appending(name)
      if try file.kind() != .absent { return file }
    }
    return nil
  }

  /// A folder in this one, or in a folder of it, that holds one of some names.
  func folder(holding wanted: [String], depth: Int = 2) throws(Problem) -> DataFile? {
    for name in try names().prefix(100) {
      let inner = appending(name)
      guard try inner.kind() == .directory else { continue }
      if try inner.first(of: wanted) != nil { return inner }
      if depth > 1, let found = try inner.folder(holding: wanted, depth: depth - 1) { return found }
    }
    return nil
  }
}
