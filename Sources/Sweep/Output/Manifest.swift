internal import Foundation
public import Shards

/// `sweep.json`: the resolved sweep and one entry per session that worked on it.
public struct Manifest: Codable, Sendable {
  /// One invocation of the program on this directory.
  public struct Session: Codable, Sendable {
    /// When it began, in ISO 8601.
    public var started: String
    /// When it ended; absent while it runs, or after it was killed.
    public var ended: String?
    /// Its exit status.
    public var exitStatus: Int?
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
  /// - Throws: `OutputError` when the directory holds no sweep, or its manifest is damaged.
  public static func read(_ directory: OutputDirectory) throws -> Manifest {
    guard let data = FileManager.default.contents(atPath: directory.manifestFile) else {
      throw OutputError(
        "\(directory.path): no sweep here (there is no sweep.json); name the directory that a sweep wrote with -o"
      )
    }
    do {
      return try JSONDecoder().decode(Manifest.self, from: data)
    } catch {
      throw OutputError("\(directory.manifestFile): damaged; run the sweep again to write it anew")
    }
  }

  /// Reads `sweep.json` if there is one; a damaged one is kept under another name, with a word to the user.
  static func readOrSetAside(_ directory: OutputDirectory) throws -> Manifest? {
    guard directory.isSweep else { return nil }
    do {
      return try read(directory)
    } catch {
      let aside = directory.manifestFile + ".damaged"
      try? FileManager.default.removeItem(atPath: aside)
      try FileManager.default.moveItem(atPath: directory.manifestFile, toPath: aside)
      Terminal.error(
        "note: \(directory.manifestFile) was damaged; it is kept as \(aside), and its sessions are forgotten")
      return nil
    }
  }

  /// Refuses a directory that holds another sweep, whose merged file would be lost.
  ///
  /// - Throws: `OutputError` when the names differ.
  public static func requireSameSweep(_ plan: SweepPlan, _ directory: OutputDirectory) throws {
    guard directory.isSweep, let known = try? read(directory), known.name != plan.name else { return }
    throw OutputError(
      "\(directory.path): holds the sweep '\(known.name)', but this job is '\(plan.name)'; name another directory with -o"
    )
  }

  /// Replaces `sweep.json` atomically.
  public func write(_ directory: OutputDirectory) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(self).write(to: URL(fileURLWithPath: directory.manifestFile), options: .atomic)
  }
}
