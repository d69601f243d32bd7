import ArgumentParser
import Console
import Files
import Problems
import Shards
import Sweep
import Training

/// The command `eos-sweep show DIR RUN`.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One run: configuration, summary, sparklines of loss and sharpness.")

  @Argument(help: "The directory of a sweep, or a merged file.")
  var directory: String

  @Argument(help: ArgumentHelp("The run's id, or the unambiguous beginning of it.", valueName: "run"))
  var id: String

  func run() throws {
    try UserPath.check(directory, of: "the directory of a sweep")
    let isFile = try FileKind.of(directory) == .regular
    try Terminal.print(isFile ? reportFromFile() : reportFromDirectory())
  }

  private func reportFromFile() throws -> String {
    let runs = try RecordedRuns(directory)
    return RunReport(try runs.record(try choose(among: Set(runs.identifiers)))).text
  }

  private func reportFromDirectory() throws -> String {
    let directory = try OutputDirectory(given: directory, by: "the directory of a sweep")
    let manifest = try Manifest.read(directory)
    let state = try SweepState(manifest.runs, directory)
    let chosen = try choose(among: Set(manifest.runs + state.shards.keys))
    if let shard = state.shard(of: chosen) { return RunReport(try RecordedRuns(shard).record(chosen)).text }
    try state.requireReadable()
    var checkpoints = CheckpointFiles(directory.checkpointsDirectory, run: chosen)
    if let saved = checkpoints.read().found { return RunReport(saved.record).text }
    return ([chosen + ": has not ended yet"] + state.notes).joined(separator: "\n")
  }

  private func choose(among known: Set<String>) throws -> String {
    try RunChoice.run(id, among: known, of: directory)
  }
}
