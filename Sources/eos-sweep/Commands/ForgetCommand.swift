import ArgumentParser
import Console
import Problems
import Sweep

/// The command `eos-sweep forget DIR ID ...`.
struct ForgetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget", abstract: "Remove everything of runs: results, checkpoints and kept states.",
    discussion: "A run that the job still names is computed anew by the next session.")

  @Argument(help: "The directory of a sweep.")
  var directory: String

  @Argument(help: ArgumentHelp("The runs: ids, or unambiguous beginnings of them.", valueName: "run"))
  var runs: [String]

  @Flag(help: "Also where other runs of the job start from the state that one has kept.")
  var force = false

  func run() throws {
    let directory = try OutputDirectory(given: directory, by: "the directory of a sweep")
    var revision = try SweepRevision(directory)
    for note in revision.notes { Terminal.error("note: \(note)") }
    let chosen = try revision.choose(runs)
    if !force { try revision.requireUnneeded(chosen) }
    let removed = try revision.forget(chosen)
    let (isThere, damaged) = try revision.merge(ProvenanceCollector.collect())
    for sentence in damaged { Terminal.error(sentence) }
    for (run, what) in removed {
      try Terminal.print(what.isEmpty ? "\(run): there was nothing of it" : "\(run): forgot \(what)")
    }
    if isThere { try Terminal.print("Merged file:  \(directory.mergedFile), written anew") }
    try Terminal.print(RetryCommand.next(directory))
  }
}
