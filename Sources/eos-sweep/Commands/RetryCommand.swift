import ArgumentParser
import Console
import Problems
import Sweep

/// The command `eos-sweep retry DIR ID ...`.
struct RetryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Let runs that ended be computed again by the next session.",
    discussion: """
      Their results are taken out of the shards and of the merged file. A run that failed goes on from its last \
      checkpoint, where there is one.
      """)

  @Argument(help: "The directory of a sweep.")
  var directory: String

  @Argument(help: ArgumentHelp("The runs: ids, or unambiguous beginnings of them.", valueName: "run"))
  var runs: [String] = []

  @Flag(help: "All runs that failed.")
  var failed = false

  func run() throws {
    let directory = try OutputDirectory(given: directory, by: "the directory of a sweep")
    if runs.isEmpty && !failed {
      throw Problem("retry", "no run is named", remedy: "write ids, or --failed for all runs that failed")
    }
    var revision = try SweepRevision(directory)
    for note in revision.notes { Terminal.error("note: \(note)") }
    let named = try revision.choose(runs)
    let chosen = named + (failed ? revision.failed.filter { !named.contains($0) } : [])
    try revision.requirePlanned(chosen)
    let ended = try revision.retry(chosen)
    for run in chosen where !ended.contains(run) {
      try Terminal.print("\(run): has not ended, and waits already")
    }
    guard !ended.isEmpty else { return try Terminal.print("Nothing is to be done: no run has ended.") }
    let (isThere, damaged) = try revision.merge(ProvenanceCollector.collect())
    for sentence in damaged { Terminal.error(sentence) }
    for run in ended.prefix(20) { try Terminal.print("waits again: \(run)") }
    if ended.count > 20 { try Terminal.print("... and \(ended.count - 20) more") }
    try Terminal.print(
      (isThere ? "Merged file:  \(directory.mergedFile), written anew\n" : "") + Self.next(directory))
  }

  /// What computes runs that wait.
  static func next(_ directory: OutputDirectory) -> String {
    let words = [
      ShellCommand.program, "run", ShellCommand.path(directory.manifestFile), "-o",
      ShellCommand.path(directory.path),
    ]
    return "To compute:   the command that began the sweep, or: \(ShellCommand.line(words))"
  }
}
