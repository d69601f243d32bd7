// From a job file and the overrides of the command line to a plan.

internal import Problems
import Schema

/// Reads job files.
public enum JobFile {
  /// Reads a job file, applies overrides and checks everything that can be checked before anything runs.
  ///
  /// - Parameters:
  ///   - path: the job file.
  ///   - overrides: texts `key=value` with dotted keys and YAML values, applied in order.
  /// - Returns: the runs of the job.
  /// - Throws: all problems found.
  public static func load(path: String, overrides: [String] = []) throws(JobError) -> SweepPlan {
    let text: String
    do { text = try Self.text(ofFile: path) } catch { throw JobError(problems: [error]) }
    return try plan(yaml: text, file: path, overrides: overrides)
  }

  /// Makes a plan of the text of a job; `file` names it in messages.
  ///
  /// `checkingData: false` is for jobs that have been checked before: no data file is touched, so that results can be
  /// merged where the data is not.
  public static func plan(
    yaml: String, file: String, overrides: [String] = [], checkingData: Bool = true
  ) throws(JobError) -> SweepPlan {
    var root = try JobNode.parse(yaml: yaml, file: file)
    var log = ProblemLog(file: file)
    let applied = overrides.compactMap { root.apply($0, log: &log) }
    try log.throwIfAny()
    let resolved = overrides.isEmpty ? yaml : root.yaml()
    return try plan(root, applied, yaml: resolved, checkingData: checkingData, log: log)
  }

  private static func plan(
    _ root: JobNode, _ overrides: [Override], yaml: String, checkingData: Bool, log: ProblemLog
  ) throws(JobError) -> SweepPlan {
    var expansion = GridExpansion(log: log)
    let entries = root.entries ?? []
    let shared = PlacedSettings(expansion.shared(entries.filter { $0.key != "grid" }))
    let points = root["grid"].map { expansion.grid($0) } ?? [[]]
    var log = expansion.log
    try log.throwIfAny()
    let sweep = SweepOptions(shared.resolved(SweepOptions.keys))
    let name = SweepOptions.name(shared, log: &log)
    // All are looked at together; only those with problems are again, one by one, to tell them in order.
    let isSound = points.concurrentParts { points in
      var checks = PointChecks(shared: shared)
      return points.map { checks.isSound($0) }
    }
    for (point, isSound) in zip(points, isSound) where !isSound {
      shared.overlaid(with: point).check(log: &log)
    }
    try log.throwIfAny()
    let all = points.concurrentParts { RunReader.runs(of: $0, shared: shared) }
    let lost = LostOverrides(overrides, all)
    lost.report(log: &log)
    var notes = lost.notes + Surprises.notes(all)
    let computable = sweep.withoutFlow == .skip ? SweepPlan.supported(all, notes: &notes) : all
    if computable.isEmpty {
      log.report(
        "it leaves out every run",
        remedy: "add 'process: optimizer' to the grid, or choose optimizers with flows",
        key: "flow.unsupported", at: shared.place("flow.unsupported"))
    }
    let runs = SweepPlan.unique(computable, notes: &notes, log: &log)
    var checks = RunChecks()
    if checkingData { checks.check(runs, log: &log) }
    try log.throwIfAny()
    notes += [SweepPlan.note(runs, checks.dataFacts, ranksPerRun: sweep.ranksPerRun)].compactMap(\.self)
    notes += IdleKeys.notes(runs, checks.dataFacts)
    notes += SweepPlan.notes(on: checks.dataFacts, of: runs)
    return SweepPlan(
      name: name, runs: runs, ranksPerRun: sweep.ranksPerRun, residualMemory: sweep.residualBytes,
      shardSeconds: sweep.shardSeconds, checkpoint: sweep.checkpoint, yaml: yaml, notes: notes,
      dataFacts: checks.dataFacts)
  }

  /// The name of the sweep that the text of a job file describes; nil where it says none.
  package static func sweepName(inYAML yaml: String) -> String? {
    (try? JobNode.parse(yaml: yaml, file: ""))?["name"]?.text
  }
}
