import Files
import Foundation
import Glibc

/// The directory in which mpirun and its ranks keep their files.
enum TemporaryDirectory {
  /// What is wrong with it, with the remedy; nil where it can be used.
  ///
  /// mpirun makes a directory that is missing.
  static var complaint: String? {
    let environment = ProcessInfo.processInfo.environment
    guard let name = ["TMPDIR", "TEMP", "TMP"].first(where: { environment[$0]?.isEmpty == false }),
      let path = environment[name], !isUsable(path)
    else { return nil }
    return "mpirun keeps its files in \(name), and \(path) cannot be written to; set \(name)=/tmp"
  }

  private static func isUsable(_ path: String) -> Bool {
    guard let kind = try? FileKind.of(path) else { return false }
    if kind == .directory { return unsafe access(path, W_OK | X_OK) == 0 }
    let above = (path as NSString).deletingLastPathComponent
    return kind == .absent && path != above && isUsable(above.isEmpty ? "." : above)
  }
}
