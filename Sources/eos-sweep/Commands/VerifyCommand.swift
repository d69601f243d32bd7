import ArgumentParser
import Console
import Files
import Problems
import Shards
import Sweep

/// The command `eos-sweep verify DIR|FILE`.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check every checksum, every shape and every invariant.")

  @Argument(help: "The directory of a sweep, a merged file or a shard.")
  var path: String

  func run() throws {
    try UserPath.check(path, of: "the path to verify")
    let files = try filesOfDirectory()
    var problems = 0
    for finding in try files?.lazy.flatMap(Verify.findings(ofFile:)) ?? Verify.verify(path) {
      problems += finding.isNote ? 0 : 1
      try Terminal.print("\(finding)")
    }
    let what = Format.plural(files?.count ?? 1, "file")
    try Terminal.print(
      problems == 0 ? "\(what) verified: no problem" : "\(what): \(Format.plural(problems, "problem"))")
    if problems > 0 { throw ExitCode(1) }
  }

  /// The shards, checkpoints and kept states of a sweep's directory, then its merged file; nil where the argument is a
  /// file.
  private func filesOfDirectory() throws -> [String]? {
    switch try FileKind.of(path) {
    case .absent, .danglingLink:
      throw Problem(path, "there is no such file or directory", remedy: "name what a sweep wrote")
    case .special: throw Problem(path, "is no regular file", remedy: "name what a sweep wrote")
    case .regular: return nil
    case .directory: break
    }
    let directory = OutputDirectory(path)
    _ = try Manifest.read(directory)
    let merged = directory.mergedFile
    return try directory.shards() + directory.savedStates() + (FileKind.of(merged) == .absent ? [] : [merged])
  }
}
