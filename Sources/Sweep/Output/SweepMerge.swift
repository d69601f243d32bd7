import Files
public import Jobs
public import Problems
public import Shards
import Training

/// Merges the shards of a plan's runs; runs without a shard have their rows too.
public enum SweepMerge {
  /// Writes the merged file of `plan` to `path`, by default `sweep.h5` of the directory, and returns a sentence for
  /// every shard that could not be read.
  ///
  /// - Throws: what reading and writing files throws, with the file named.
  public static func merge(
    _ plan: SweepPlan, _ directory: OutputDirectory, provenance: Provenance, to path: String? = nil
  ) throws -> [String] {
    let path = path ?? directory.mergedFile
    try checkTarget(path, of: plan)
    return try write(plan, directory, provenance, to: path)
  }

  /// Writes `sweep.h5` of the directory while a session may be at work in it: a file that was put there meanwhile stays,
  /// since it holds more.
  ///
  /// - Returns: a sentence for every shard that could not be read.
  /// - Throws: what reading and writing files throws, with the file named.
  public static func mergeBesideSession(
    _ plan: SweepPlan, _ directory: OutputDirectory, provenance: Provenance
  ) throws -> [String] {
    try checkTarget(directory.mergedFile, of: plan)
    let before = try FileStamp.of(directory.mergedFile)
    let temporary = AtomicFile.temporaryPath(for: directory.mergedFile)
    defer { AtomicFile.remove(temporary) }
    let damaged = try write(plan, directory, provenance, to: temporary)
    if try FileStamp.of(directory.mergedFile) == before {
      try AtomicFile.move(temporary, to: directory.mergedFile)
    }
    return damaged
  }

  private static func write(
    _ plan: SweepPlan, _ directory: OutputDirectory, _ provenance: Provenance, to path: String
  ) throws -> [String] {
    let row = plannedRows(plan)
    let report = try Merge.merge(
      shards: sources(plan, directory), runs: plan.runs.map(\.id), planned: { row(plan.runs[$0]) },
      provenance: provenance, sweepYAML: plan.yaml, into: path)
    return report.damaged.map(\.description)
  }

  /// Makes the rows of runs of a plan of which there is nothing yet.
  static func plannedRows(_ plan: SweepPlan) -> (RunConfiguration) -> RunRecord {
    var facts = plan.dataFacts
    return { run in
      // Data that cannot be looked at any more leaves its sizes unknown.
      if facts[run.data] == nil { facts[run.data] = try? DataFacts(run.data) }
      return RunRecord(configuration: run, data: facts[run.data])
    }
  }

  /// The files that may hold planned runs, the newest last: checkpoints, then shards.
  static func sources(_ plan: SweepPlan, _ directory: OutputDirectory) throws -> [String] {
    var memory = ShardMemory(checkingSeals: true)
    let saved = try SavedRuns(directory, &memory).places.values.map(\.path).sorted()
    return saved + (try directory.shards(of: plan.runs.map(\.id)))
  }

  /// Refuses to put the merged file of a plan in the place of anything but an earlier one of the same sweep.
  ///
  /// - Throws: the problem; none where there is nothing yet.
  public static func checkTarget(_ path: String, of plan: SweepPlan) throws(Problem) {
    if path.hasSuffix("/") { throw Problem(path, "is the name of a directory", remedy: "name a file") }
    if UserPath.directoryName(of: path) == "shards" {
      throw Problem(
        path, "lies in a directory of shards, which holds the runs that ended",
        remedy: "name a file elsewhere")
    }
    switch try SweepFileOrigin.of(path) {
    case .nothing, .damaged: return
    case .other:
      throw Problem(
        path, "was not written by eos-sweep, so it is not replaced", remedy: "remove it, or name another file"
      )
    case .sweep(let yaml):
      guard let name = JobFile.sweepName(inYAML: yaml), name != plan.name else { return }
      throw Problem(
        path, "holds the sweep '\(name)', but this one is '\(plan.name)'",
        remedy: "remove it, or name another file or directory")
    }
  }
}
