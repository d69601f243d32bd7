import ArgumentParser
import Sweep

/// Which sweep a command is about.
struct JobOptions: ParsableArguments {
  @Argument(help: "The job file, - for standard input; without one, the built-in quickstart sweep.")
  var file: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Override a key of the job file, as in --set stop.steps=100.", valueName: "key=value"))
  var overrides: [String] = []

  /// Reads and checks the job.
  func load() throws -> SweepPlan {
    guard let file else { return try SweepPlan.quickstart(overrides: overrides) }
    return try JobFile.load(path: file, overrides: overrides)
  }
}
