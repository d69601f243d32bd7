import ArgumentParser
import Console
import Datasets
import Files
import Jobs
import Problems
import Shards
import Sweep

/// The command `eos-sweep merge DIR [-o FILE]`.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract:
      "Merge the runs that have ended, of a whole or a partial sweep, or of several directories of one.",
    discussion: """
      One directory may be merged while a sweep is at work in it. Several, as the tasks of a job array leave them, are \
      merged into the file that -o names: a run that stands in more than one is taken from where it got furthest.
      """)

  @Argument(help: ArgumentHelp("The directory of a sweep, or several of one sweep.", valueName: "directory"))
  var directories: [String]

  @Option(name: [.short, .long], help: "The merged file. Default: sweep.h5 in the directory.")
  var output: String?

  func run() throws {
    let directories = try directories.map { try OutputDirectory(given: $0, by: "the directory to merge") }
    if let output { try UserPath.check(output, of: "-o") }
    let damaged =
      directories.count == 1 ? try merge(directories[0]) : try join(directories)
    for sentence in damaged { Terminal.error(sentence) }
    if !damaged.isEmpty { throw ExitCode(1) }
  }

  private func join(_ directories: [OutputDirectory]) throws -> [String] {
    guard let output else {
      throw Problem(
        "merge", "several directories are merged into a file of their own", remedy: "name it with -o FILE")
    }
    let join = try SweepJoin(directories)
    for note in join.notes { Terminal.error("note: \(note)") }
    let damaged = try join.merge(ProvenanceCollector.collect(), to: output)
    try Terminal.print(Self.line(output, join.runCount, join.done))
    return damaged
  }

  private func merge(_ directory: OutputDirectory) throws -> [String] {
    let manifest = try Manifest.read(directory)
    let plan = try JobFile.plan(yaml: manifest.sweepYAML, file: directory.manifestFile, checkingData: false)
    let file = output ?? directory.mergedFile
    try SweepMerge.checkTarget(file, of: plan)
    let state = try SweepState(plan.runs.map(\.id), directory, checkingSeals: true)
    try state.requireReadable()
    if file == directory.mergedFile { try requireNoLoss(file, state) }
    let provenance = ProvenanceCollector.collect()
    let damaged =
      file == directory.mergedFile
      ? try SweepMerge.mergeBesideSession(plan, directory, provenance: provenance)
      : try SweepMerge.merge(plan, directory, provenance: provenance, to: file)
    try Terminal.print(Self.line(file, state.entries.count, state.done))
    return damaged
  }

  /// Refuses to replace a merged file by one that holds fewer runs.
  private func requireNoLoss(_ file: String, _ state: SweepState) throws {
    guard case .runs(let merged) = Shard.look(at: file, checkingSeal: false) else { return }
    let ended = merged.count { $0.status.isDone }
    guard ended > state.done else { return }
    for note in state.notes { Terminal.error("note: \(note)") }
    throw Problem(
      file,
      "holds \(Format.plural(ended, "run")) that ended, but the shards only \(state.done), so it is not replaced",
      remedy: "run the sweep again to compute them, or name another file with -o")
  }

  private static func line(_ file: String, _ count: Int, _ done: Int) -> String {
    "\(file): \(Format.plural(count, "run")), \(done) of them done"
  }
}
