internal import Glibc

/// Unfinished files of writers that died.
///
/// A writer that is killed leaves its file under the temporary name, which nothing reads as a result.
public enum Leftovers {
  private static let day = 86_400

  /// Removes the unfinished files in a directory whose writers are gone: those of processes of this machine that ended,
  /// and all that nobody has touched for a day.
  ///
  /// - Returns: The names of the unfinished files that stay.
  public static func clear(_ directory: String) -> [String] {
    let names = (try? Directory.names(directory)) ?? []
    return names.filter { $0.hasSuffix(AtomicFile.temporarySuffix) }.filter { name in
      let path = "\(directory)/\(name)"
      guard isOfDeadProcess(name) || isOld(path) else { return true }
      return unsafe unlink(path) != 0
    }
  }

  private static func isOfDeadProcess(_ name: String) -> Bool {
    guard let (host, process) = AtomicFile.writer(ofTemporary: name), host == AtomicFile.hostName else {
      return false
    }
    return ProcessStatus.hasEnded(process)
  }

  private static func isOld(_ path: String) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return false }
    return time(nil) - status.st_mtim.tv_sec > day
  }
}
