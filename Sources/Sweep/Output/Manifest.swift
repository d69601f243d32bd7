import Files
import Foundation
public import Jobs
public import Problems
public import Shards

/// `sweep.json`: the resolved sweep and one entry per session that worked on it.
public struct Manifest: Codable, Sendable {
  /// One invocation of the program on this directory.
  public struct Session: Codable, Sendable, Equatable {
    /// When it began, in ISO 8601.
    public var started: String
    /// When it ended; absent while it runs, or after it was killed.
    public var ended: String?
    /// Its exit status.
    public var exitStatus: Int?
    /// What it took to save the runs under way and to merge, once the session stopped.
    public var closingSeconds: Double?
    /// What one rank took for work of cost 1.
    public var secondsPerCost: Double?
    /// The same of runs of one kind, by the id of one of them.
    public var secondsPerCostOfKinds: [String: Double]?
    /// What it took to begin with a run, in seconds.
    public var startingSeconds: Double?
    /// Versions, host, ranks and the like.
    public var provenance: Provenance
  }

  /// The sweep's name.
  public var name: String
  /// The job file with every override applied.
  public var sweepYAML: String
  /// The ids of the planned runs, in plan order.
  public var runs: [String]
  /// Sessions, oldest first.
  public var sessions: [Session]

  /// Reads `sweep.json`.
  ///
  /// - Throws: a problem when the directory holds no sweep, or its manifest is damaged or may not be read.
  public static func read(_ directory: OutputDirectory) throws(Problem) -> Manifest {
    if let manifest = try readIfPresent(directory) { return manifest }
    let isThere = try FileKind.of(directory.path) != .absent
    throw Problem(
      directory.path, isThere ? "no sweep here (there is no sweep.json)" : "there is no such directory",
      remedy: "name the directory that a sweep wrote with -o")
  }

  /// Reads `sweep.json`; nil where there is none.
  ///
  /// - Throws: a problem when it is damaged (then no system error is behind it) or may not be read.
  static func readIfPresent(_ directory: OutputDirectory) throws(Problem) -> Manifest? {
    guard let bytes = try FileContents.readIfPresent(directory.manifestFile) else { return nil }
    do {
      return try JSONDecoder().decode(Manifest.self, from: Data(bytes))
    } catch {
      throw Problem(directory.manifestFile, "damaged", remedy: "run the sweep again to write it anew")
    }
  }

  /// The sessions that worked on a directory, oldest first; none where nothing can be read of them.
  public static func sessions(_ directory: OutputDirectory) -> [Session] {
    (try? readIfPresent(directory))?.sessions ?? []
  }

  /// Reads `sweep.json` if there is one; a damaged one is kept under another name, with a note to the user.
  static func readOrSetAside(
    _ directory: OutputDirectory
  ) throws(Problem) -> (manifest: Manifest?, note: String?) {
    do throws(Problem) {
      return (try readIfPresent(directory), nil)
    } catch {
      guard error.systemError == nil else { throw error }
      let aside = directory.manifestFile + ".damaged"
      try AtomicFile.move(directory.manifestFile, to: aside)
      return (
        nil, "\(directory.manifestFile) was damaged; it is kept as \(aside), and its sessions are forgotten"
      )
    }
  }

  /// Replaces `sweep.json` atomically.
  public func write(_ directory: OutputDirectory) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(Array(try encoder.encode(self)), to: directory.manifestFile)
  }
}

// MARK: - Whose directory it is

extension Manifest {
  /// Refuses a directory that holds another sweep, whose merged file would be lost.
  ///
  /// - Throws: a problem when it does, or when it may not be known.
  public static func requireSameSweep(_ plan: SweepPlan, _ directory: OutputDirectory) throws(Problem) {
    if let name = try heldSweep(directory), name != plan.name {
      throw Problem(
        directory.path, "holds the sweep '\(name)', but this job is '\(plan.name)'",
        remedy: "name another directory with -o")
    }
    try SweepMerge.checkTarget(directory.mergedFile, of: plan)
  }

  /// The name of the sweep in a directory, by its manifest; what is left of a damaged one may still say it.
  private static func heldSweep(_ directory: OutputDirectory) throws(Problem) -> String? {
    guard let bytes = try FileContents.readIfPresent(directory.manifestFile) else { return nil }
    if let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(bytes)) { return manifest.name }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.firstMatch(of: /^\s*{\s*"name"\s*:\s*"([A-Za-z0-9._-]+)"/).map { String($0.1) }
  }
}
