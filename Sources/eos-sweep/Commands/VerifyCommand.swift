import ArgumentParser
import Foundation
import Shards
import Sweep

/// The command `eos-sweep verify DIR|FILE`.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check every checksum, every shape and every invariant.")

  @Argument(help: "The directory of a sweep, a merged file or a shard.")
  var path: String

  func run() throws {
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

  /// The shards of a sweep's directory, then its merged file; nil where the argument is a file.
  private func filesOfDirectory() throws -> [String]? {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
      throw OutputError("\(path): no such file or directory; name what a sweep wrote")
    }
    guard attributes[.type] as? FileAttributeType == .typeDirectory else { return nil }
    let directory = OutputDirectory(path)
    _ = try Manifest.read(directory)
    let shards = directory.shardIdentifiers().map { directory.shard(of: $0) }
    let merged = FileManager.default.fileExists(atPath: directory.mergedFile) ? [directory.mergedFile] : []
    return shards + merged
  }
}
