internal import Problems
public import Shards

/// Merges the shards of a plan's runs; runs without a shard have their rows too.
public enum SweepMerge {
  /// Writes the merged file of `plan` to `path`, by default `sweep.h5` of the directory, and returns a sentence for
  /// every shard that could not be read.
  ///
  /// - Throws: what reading and writing files throws, with the file named.
  public static func merge(
    _ plan: SweepPlan, _ directory: OutputDirectory, provenance: Provenance, to path: String? = nil
  ) throws -> [String] {
    let present = Set(directory.shardIdentifiers())
    var facts = plan.dataFacts
    let planned = plan.runs.map { run in
      if present.contains(run.id) { return RunRecord(configuration: run, data: nil) }
      // Data that cannot be looked at any more leaves its sizes unknown.
      if facts[run.data] == nil { facts[run.data] = try? DataFacts(run.data) }
      return RunRecord(configuration: run, data: facts[run.data])
    }
    let report = try Merge.merge(
      shards: plan.runs.filter { present.contains($0.id) }.map { directory.shard(of: $0.id) },
      plan: planned, provenance: provenance, sweepYAML: plan.yaml,
      into: path ?? directory.mergedFile)
    return report.damaged.map(\.description)
  }
}
