// A job file after reading: the runs of the sweep, each completely determined.

package import Datasets
import Learning

/// How many ranks share a run.
public enum RanksPerRun: Hashable, Sendable {
  /// One while there are enough runs, more towards the end.
  case auto
  /// So many, a power of two.
  case fixed(Int)
}

/// What a job file asks for: its runs in the order of the file, each once.
public struct SweepPlan: Sendable {
  /// The sweep's name.
  public let name: String
  /// The runs, all different, in the order of the grid.
  public let runs: [RunConfiguration]
  /// How many ranks share a run.
  public let ranksPerRun: RanksPerRun
  /// The bytes that a rank may keep from one Hessian product to the next.
  public let residualMemory: Int
  /// The seconds for which runs that ended are gathered before they are written.
  package let shardSeconds: Double
  /// When runs are saved.
  public let checkpoint: CheckpointRule
  /// The job as YAML, with overrides applied.
  public let yaml: String
  /// Things the user should know but that stop nothing, one sentence each.
  public let notes: [String]
  /// The sizes of the datasets of the runs.
  package let dataFacts: [DataConfiguration: DataFacts]
}

// MARK: - Runs that are the same

extension SweepPlan {
  /// Keeps the first of runs that are the same, with a note.
  static func unique(
    _ runs: [RunConfiguration], notes: inout [String], log: inout ProblemLog
  ) -> [RunConfiguration] {
    var indices: [String: Int] = [:]
    var unique: [RunConfiguration] = []
    indices.reserveCapacity(runs.count)
    unique.reserveCapacity(runs.count)
    for run in runs {
      if let index = indices[run.id] {
        if RunIdentity.canonicalText(of: unique[index]) != RunIdentity.canonicalText(of: run) {
          reportCollision(run, log: &log)
        }
      } else {
        indices[run.id] = unique.count
        unique.append(run)
      }
    }
    let repeats = runs.count - unique.count
    if repeats > 0 {
      let points =
        repeats == 1
        ? "1 point of the grid repeats an earlier one" : "\(repeats) points of the grid repeat earlier ones"
      notes.append("\(points); each run is computed once.")
    }
    return unique
  }

  private static func reportCollision(_ run: RunConfiguration, log: inout ProblemLog) {
    log.report(
      "two different runs have the id \(run.id), by a rare accident of hashing",
      remedy: "change the seed of one",
      key: "seed", at: run.written.place("seed"))
  }
}

// MARK: - Groups

extension SweepPlan {
  /// A note where a fixed number of ranks per run is more than some runs have blocks for.
  static func note(
    _ runs: [RunConfiguration], _ facts: [DataConfiguration: DataFacts], ranksPerRun: RanksPerRun
  ) -> String? {
    guard case .fixed(let ranks) = ranksPerRun else { return nil }
    let count = runs.count { run in
      let examples = facts[run.data]?.examples ?? 0
      let batch = if case .examples(let size) = run.batchSize { size } else { examples }
      return CanonicalTree.blockCount(of: batch, size: run.blockSize) < ranks
    }
    if count == 0 { return nil }
    return
      "ranks_per_run is \(ranks), but the batches of \(count) runs have fewer blocks; they get fewer ranks."
  }
}
