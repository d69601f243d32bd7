import Files
import Foundation
import Jobs
import Problems
public import Shards

/// Makes one file of several directories that hold parts of one sweep, as the tasks of a job array leave them.
public struct SweepJoin {
  private struct Part {
    let directory: OutputDirectory
    let plan: SweepPlan
    let state: SweepState
    let entries: [String: SweepState.Entry]
  }

  private let parts: [Part]
  /// All runs in the order of the plans, each with the part that it is taken from.
  private let runs: [(configuration: RunConfiguration, part: Int)]
  /// What the user should know, in sentences without a full stop.
  public private(set) var notes: [String]

  /// Reads what the directories hold; nothing of them is changed.
  ///
  /// A run that stands in several is taken from where it got furthest, and from the first of those where it has ended.
  ///
  /// - Throws: a problem where one of them cannot be read, or holds a sweep of another name.
  public init(_ directories: [OutputDirectory]) throws {
    let parts = try directories.map { directory in
      let manifest = try Manifest.read(directory)
      let plan = try JobFile.plan(
        yaml: manifest.sweepYAML, file: directory.manifestFile, checkingData: false)
      let state = try SweepState(plan.runs.map(\.id), directory, checkingSeals: true)
      try state.requireReadable()
      let entries = Dictionary(uniqueKeysWithValues: state.entries.map { ($0.id, $0) })
      return Part(directory: directory, plan: plan, state: state, entries: entries)
    }
    if let other = parts.first(where: { $0.plan.name != parts[0].plan.name }) {
      throw Problem(
        other.directory.path,
        "holds the sweep '\(other.plan.name)', but \(directories[0].path) holds '\(parts[0].plan.name)'",
        remedy: "merge directories of one sweep")
    }
    var seen: Set<String> = []
    let all = parts.flatMap(\.plan.runs).filter { seen.insert($0.id).inserted }
    self.parts = parts
    runs = all.map { ($0, Self.furthest($0.id, parts)) }
    notes = parts.flatMap(\.state.notes)
    if let note = partsNote { notes.append(note) }
    notes += try differences()
  }

  /// The number of runs.
  public var runCount: Int { runs.count }

  /// How many of them need no further work.
  public var done: Int { runs.count { parts[$0.part].entries[$0.configuration.id]?.status.isDone == true } }

  /// Writes the merged file, and returns a sentence for every shard that could not be read.
  ///
  /// - Throws: what reading and writing files throws, with the file named.
  public func merge(_ provenance: Provenance, to path: String) throws -> [String] {
    try SweepMerge.checkTarget(path, of: parts[0].plan)
    try requireElsewhere(path)
    let places = Dictionary(uniqueKeysWithValues: runs.map { ($0.configuration.id, $0.part) })
    var owners: [String: Int] = [:]
    var shards: [String] = []
    for (index, part) in parts.enumerated() {
      let own = try SweepMerge.sources(part.plan, part.directory)
      for shard in own { owners[shard] = index }
      shards += own
    }
    let row = SweepMerge.plannedRows(parts[0].plan)
    let report = try Merge.merge(
      shards: shards, runs: runs.map(\.configuration.id), planned: { row(runs[$0].configuration) },
      provenance: provenance, sweepYAML: yaml, into: path, counts: { places[$0] == owners[$1] })
    return report.damaged.map(\.description)
  }

  /// The part in which a run got furthest.
  private static func furthest(_ run: String, _ parts: [Part]) -> Int {
    func worth(_ index: Int) -> (Int, Int, Int) {
      guard let entry = parts[index].entries[run] else { return (-1, 0, 0) }
      return (
        entry.status.isDone ? 1 : 0, entry.status.isDone ? 0 : entry.steps, entry.status == .failed ? 1 : 0
      )
    }
    return parts.indices.reduce(0) { worth($1) > worth($0) ? $1 : $0 }
  }

  /// The text of the job, which cannot be one where the plans differ.
  private var yaml: String {
    let first = parts[0]
    if partsNote == nil { return first.plan.yaml }
    return
      "# Merged of \(parts.count) directories with different parts of this sweep. This is the job of the first one;\n"
      + "# what a run was computed with stands in its config_json.\n" + first.plan.yaml
  }

  /// A note where the directories were not made by one job.
  private var partsNote: String? {
    let lists = parts.map { $0.plan.runs.map(\.id) }
    if lists.allSatisfy({ $0 == lists[0] }) { return nil }
    let counts = lists.map { "\($0.count)" }.joined(separator: " + ")
    return
      "the directories were made by different jobs of the name '\(parts[0].plan.name)': \(counts) planned runs, "
      + "\(runs.count) together"
  }

  private func requireElsewhere(_ path: String) throws(Problem) {
    func real(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
    if let part = parts.first(where: { real($0.directory.mergedFile) == real(path) }) {
      throw Problem(
        path, "is the merged file of \(part.directory.path) itself", remedy: "name a file elsewhere with -o")
    }
  }
}

// MARK: - Runs that ended in several directories

extension SweepJoin {
  private static let shown = 5

  /// A note for each run that ended in several directories with different bits.
  private func differences() throws -> [String] {
    var (notes, more): ([String], Int) = ([], 0)
    var open: [String: RecordedRuns] = [:]
    func record(_ run: String, _ part: Part) throws -> RunRecord? {
      guard let shard = part.state.shard(of: run) else { return nil }
      let file = try open[shard] ?? RecordedRuns(shard)
      if open.count > 16 { open = [:] }
      open[shard] = file
      return try file.record(run)
    }
    for (configuration, index) in runs {
      let run = configuration.id
      let others = parts.indices.filter { $0 != index && parts[$0].entries[run]?.status.isDone == true }
      guard !others.isEmpty, let first = try record(run, parts[index]) else { continue }
      for other in others {
        guard let second = try record(run, parts[other]),
          let difference = Compare.firstDifference(first, second)
        else { continue }
        more += 1
        guard notes.count < Self.shown else { continue }
        let step = difference.step.map { ", step \($0)" } ?? ""
        notes.append(
          "\(run) has ended in \(parts[index].directory.path) and in \(parts[other].directory.path) with different bits "
            + "(\(difference.variable)\(step): \(difference.first) and \(difference.second)); the first one is taken"
        )
      }
    }
    let hidden = more - notes.count
    return hidden > 0 ? notes + ["... and \(hidden) more such differences"] : notes
  }
}
