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
    commandName: "merge", abstract: "Merge the runs that have ended, of a whole or a partial sweep.")

  @Argument(help: "The directory of a sweep.")
  var directory: String

  @Option(name: [.short, .long], help: "The merged file. Default: sweep.h5 in the directory.")
  var output: String?

  func run() throws {
    let directory = try OutputDirectory(given: directory, by: "the directory to merge")
    if let output { try UserPath.check(output, of: "-o") }
    let manifest = try Manifest.read(directory)
    let plan = try JobFile.plan(yaml: manifest.sweepYAML, file: directory.manifestFile, checkingData: false)
    let file = output ?? directory.mergedFile
    try SweepMerge.checkTarget(file, of: plan)
    // Several merges of one directory write the same, each under its own temporary name.
    let lock = file == directory.mergedFile ? try DirectoryLock(directory, shared: true) : nil
    let state = try SweepState(plan.runs.map(\.id), directory, checkingSeals: true)
    try state.requireReadable()
    if file == directory.mergedFile, case .runs(let merged) = Shard.look(at: file, checkingSeal: false) {
      let ended = merged.count { $0.status.isDone }
      if ended > state.done {
        for note in state.notes { Terminal.error("note: \(note)") }
        throw Problem(
          file,
          "holds \(Format.plural(ended, "run")) that ended, but the shards only \(state.done), so it is not replaced",
          remedy: "run the sweep again to compute them, or name another file with -o")
      }
    }
    let damaged = try SweepMerge.merge(plan, directory, provenance: ProvenanceCollector.collect(), to: file)
    lock?.release()
    for sentence in damaged { Terminal.error(sentence) }
    try Terminal.print("\(file): \(Format.plural(state.entries.count, "run")), \(state.done) of them done")
    if !damaged.isEmpty { throw ExitCode(1) }
  }
}
