import Files
public import Jobs
public import Problems
internal import Shards
internal import Training

/// The files of one sweep.
///
/// A file that exists under its final name is complete; all state is derived from
/// these files.
///
///     sweep.json            the resolved sweep and one entry per session
///     events.jsonl          what happened, appended by rank 0
///     progress.json         where the session under way is, replaced by rank 0 every few seconds
///     shards/*.h5           the runs that ended, many to a file, named after session and rank
///     sweep.h5              the merged file
public struct OutputDirectory: Sendable {
  /// The directory, without slashes at its end.
  public let path: String

  /// Names the directory without touching it.
  public init(_ path: String) { self.path = UserPath.trimmed(path) }

  /// Names the directory as a user did.
  ///
  /// - Parameters:
  ///   - path: what the user wrote.
  ///   - subject: the option or argument that it was written for.
  /// - Throws: the problem, where no directory is there nor can be made.
  public init(given path: String, by subject: String) throws(Problem) {
    try UserPath.checkDirectory(path, of: subject)
    self.init(path)
  }

  /// The directory of a plan's files: the one that a user gave with `-o`, or the usual one.
  public static func of(_ plan: SweepPlan, _ output: String?) throws(Problem) -> OutputDirectory {
    if let output { return try OutputDirectory(given: output, by: "-o") }
    return try OutputDirectory(given: "results/\(plan.name)", by: "key 'name'")
  }

  /// The merged file.
  public var mergedFile: String { file("sweep.h5") }
  /// The resolved sweep and its sessions.
  public var manifestFile: String { file("sweep.json") }
  /// The log of events, one JSON object a line.
  public var eventsFile: String { file("events.jsonl") }
  /// Where the session under way is.
  public var progressFile: String { file("progress.json") }
  /// The directory of shards.
  public var shardsDirectory: String { file("shards") }
  /// The directory of the states of runs under way.
  public var checkpointsDirectory: String { file("checkpoints") }
  /// The directory of the states that runs keep at their end.
  public var statesDirectory: String { file("states") }
  /// Where the states of runs lie.
  var runFiles: RunFiles { RunFiles(checkpoints: checkpointsDirectory, states: statesDirectory) }
  /// The file in which `slurm/submit` and `slurm/sweep.sbatch` leave the number of their job.
  public var slurmJobFile: String { file("slurm-job") }
  /// The file whose lock keeps others out.
  var lockFile: String { file(".lock") }

  private func file(_ name: String) -> String { path == "/" ? path + name : "\(path)/\(name)" }

  /// Creates what is missing, and tries whether results can be written.
  ///
  /// - Throws: a problem when the directory cannot be created or written to; nothing is left behind then.
  public func create() throws(Problem) { _ = try make() }

  /// Tries whether the directory can be created and results be written.
  ///
  /// - Throws: a problem when they cannot; nothing is left behind in any case.
  public func tryCreating() throws(Problem) { Directory.removeEmpty(try make()) }

  /// - Returns: the directories that were missing, outermost first.
  private func make() throws(Problem) -> [String] {
    let made = try Directory.make(shardsDirectory)
    do throws(Problem) {
      for directory in [shardsDirectory, path] { try Directory.probe(directory) }
    } catch {
      Directory.removeEmpty(made)
      throw error
    }
    return made
  }

  /// Refuses a directory in which something else stands at the place of one of a sweep's files.
  public func check() throws(Problem) {
    try UserPath.checkDirectory(shardsDirectory, of: path)
    for file in [manifestFile, eventsFile, lockFile, mergedFile] { try AtomicFile.requireReplaceable(file) }
  }

  /// Removes unfinished files of writers that died.
  ///
  /// - Returns: a note where there are others.
  public func clearLeftovers() -> String? {
    let left = [path, shardsDirectory, checkpointsDirectory, statesDirectory].flatMap { directory in
      Leftovers.clear(directory).map { "\(directory)/\($0)" }
    }
    return left.first.map {
      "\($0): an unfinished file of another process (\(left.count) in all); it is not merged, and goes after a day"
    }
  }

  /// The shards that may hold planned runs, the oldest first; opens no file.
  ///
  /// Those that are called after a run, as older programs did, count only where that run is planned.
  ///
  /// - Throws: a problem where the directory of shards may not be read.
  func shards(of planned: [String]) throws(Problem) -> [String] {
    let shards = try shards()
    let namesakes = Set(shards.compactMap(namesake))
    if namesakes.isEmpty { return shards }
    let wanted = namesakes.intersection(planned)
    return shards.filter { path in namesake(path).map(wanted.contains) ?? true }
  }

  /// The runs after which shards are called; opens no file.
  ///
  /// - Throws: a problem where the directory of shards may not be read.
  func namesakes() throws(Problem) -> [String] { try shards().compactMap(namesake) }

  private func namesake(_ shard: String) -> String? {
    let name = String(shard.dropFirst(shardsDirectory.count + 1))
    return ShardName.isOfWriter(name) ? nil : String(name.dropLast(3))
  }

  /// All shards, the oldest first; opens no file.
  ///
  /// - Throws: a problem where the directory of shards may not be read.
  public func shards() throws(Problem) -> [String] {
    try ShardName.sorted(files(in: shardsDirectory)).map { "\(shardsDirectory)/\($0)" }
  }

  /// The checkpoints of runs under way and the states that runs have kept; opens no file.
  ///
  /// - Throws: a problem where one of their directories may not be read.
  public func savedStates() throws(Problem) -> [String] {
    var paths: [String] = []
    for directory in [checkpointsDirectory, statesDirectory] {
      paths += try files(in: directory).map { "\(directory)/\($0)" }
    }
    return paths
  }

  /// The names of the complete files of a directory.
  func files(in directory: String) throws(Problem) -> [String] {
    try (Directory.names(directory) ?? []).filter { $0.hasSuffix(".h5") && !$0.hasPrefix(".") }
  }

  /// Gives damaged files other names, under which nothing reads them.
  ///
  /// - Returns: a sentence for each.
  func setAside(_ files: [String]) throws(Problem) -> [String] {
    var sentences: [String] = []
    for file in files {
      try AtomicFile.move(file, to: file + ".damaged")
      sentences.append("\(file) is kept as \(file).damaged")
    }
    return sentences
  }
}
