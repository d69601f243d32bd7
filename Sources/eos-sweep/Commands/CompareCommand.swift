import ArgumentParser
import Console
import Files
import Shards
import Sweep

/// The command `eos-sweep compare A B`.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two sweeps, bit for bit or to a tolerance; exit status 1 when they differ.")

  @Argument(help: "A sweep file, a shard or the directory of a sweep.")
  var first: String

  @Argument(help: "What to compare it with.")
  var second: String

  @Option(help: "Largest relative difference that counts as equal; 0 compares bit for bit.")
  var tolerance = 0.0

  func validate() throws {
    guard tolerance >= 0, tolerance.isFinite else {
      throw ValidationError("--tolerance \(tolerance): give a number, 0 or more")
    }
  }

  func run() throws {
    for (path, place) in [(first, "first"), (second, "second")] {
      try UserPath.check(path, of: "the \(place) path to compare")
      // What may not be looked at is not absent.
      _ = try FileKind.of(path)
    }
    let report = try Compare.compare(first, second, tolerance: tolerance)
    try Terminal.print(report.description)
    if !report.isEqual { throw ExitCode(1) }
  }
}
