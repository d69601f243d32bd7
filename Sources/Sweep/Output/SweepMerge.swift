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
    let report = try Merge.merge(
      shards: plan.runs.filter { present.contains($0.id) }.map { directory.shard(of: $0.id) },
      plan: plan.runs.map { RunRecord(configuration: $0) }, provenance: provenance, sweepYAML: plan.yaml,
      into: path ?? directory.mergedFile)
    return report.damaged.map(\.description)
  }
}
