import ArgumentParser
import Foundation
import Problems
import Shards
import Sweep

/// The command `eos-sweep show DIR RUN`.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One run: configuration, summary, sparklines of loss and sharpness.")

  @Argument(help: "The directory of a sweep.")
  var directory: String

  @Argument(help: ArgumentHelp("The run's id, or the unambiguous beginning of it.", valueName: "run"))
  var id: String

  func run() throws {
    if id.isEmpty {
      throw Problem(
        "the run's id", "it is empty", remedy: "was a variable not set? eos-sweep plan lists the ids")
    }
    let directory = OutputDirectory(directory)
    let manifest = try Manifest.read(directory)
    let known = Set(manifest.runs + directory.shardIdentifiers())
    let chosen = try choose(among: known)
    guard directory.shardIdentifiers().contains(chosen) else {
      try Terminal.print("\(chosen): has not ended yet")
      return
    }
    try Terminal.print(RunReport(Shard.read(directory.shard(of: chosen))).text)
  }

  private func choose(among known: Set<String>) throws -> String {
    if known.contains(id) { return id }
    let matches = known.filter { $0.hasPrefix(id) }.sorted()
    if matches.count == 1 { return matches[0] }
    let what =
      matches.isEmpty
      ? "no run begins so" : "\(matches.count) runs begin so: \(matches.prefix(5).joined(separator: ", "))"
    throw OutputError("\(directory): \(id): \(what); eos-sweep plan lists the ids of a job")
  }
}
