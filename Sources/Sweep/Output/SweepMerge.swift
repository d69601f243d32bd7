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
    var memory = ShardMemory(checkingSeals: true)
    let saved = try SavedRuns(directory, &memory).places.values.map(\.path).sorted()
    var facts = plan.dataFacts
    let report = try Merge.merge(
      shards: saved + directory.shards(of: plan.runs.map(\.id)),
      runs: plan.runs.map(\.id),
      planned: { index in
        let run = plan.runs[index]
        // Data that cannot be looked at any more leaves its sizes unknown.
        if facts[run.data] == nil { facts[run.data] = try? DataFacts(run.data) }
        return RunRecord(configuration: run, data: facts[run.data])
      }, provenance: provenance, sweepYAML: plan.yaml, into: path)
    return report.damaged.map(\.description)
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
