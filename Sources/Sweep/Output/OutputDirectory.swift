internal import Foundation

/// The files of one sweep.
///
/// A file that exists under its final name is complete; all state is derived from
/// these files.
///
///     sweep.json            the resolved sweep and one entry per session
///     events.jsonl          what happened, appended by rank 0
///     shards/<run-id>.h5    one per run that ended
///     sweep.h5              the merged file
public struct OutputDirectory: Sendable {
  /// The directory, as the user gave it.
  public let path: String

  /// Names the directory without touching it.
  public init(_ path: String) { self.path = path }

  /// The merged file.
  public var mergedFile: String { path + "/sweep.h5" }
  /// The resolved sweep and its sessions.
  public var manifestFile: String { path + "/sweep.json" }
  /// The log of events, one JSON object a line.
  public var eventsFile: String { path + "/events.jsonl" }
  /// The directory of shards.
  public var shardsDirectory: String { path + "/shards" }

  /// The shard of a run.
  public func shard(of id: String) -> String { "\(shardsDirectory)/\(id).h5" }

  /// Creates what is missing.
  ///
  /// - Throws: `OutputError` when the directory cannot be created or written to.
  public func create() throws {
    do {
      try FileManager.default.createDirectory(atPath: shardsDirectory, withIntermediateDirectories: true)
      let probe = shardsDirectory + "/.writable-\(ProcessInfo.processInfo.processIdentifier)"
      try Data().write(to: URL(fileURLWithPath: probe))
      try FileManager.default.removeItem(atPath: probe)
    } catch {
      throw OutputError(
        "\(path): cannot be written to (\(error.localizedDescription)); name another directory with -o")
    }
  }

  /// Whether a sweep has ever run here.
  public var isSweep: Bool { FileManager.default.fileExists(atPath: manifestFile) }

  /// The ids of shards that belong to none of the planned runs; opens no file.
  public func strangers(to planned: [String]) -> [String] {
    Set(shardIdentifiers()).subtracting(planned).sorted()
  }

  /// The ids of the runs that have a shard.
  public func shardIdentifiers() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: shardsDirectory)) ?? []
    return names.filter { $0.hasSuffix(".h5") && !$0.hasPrefix(".") }.map { String($0.dropLast(3)) }.sorted()
  }
}

/// A problem with an output directory, in a sentence that names it and the remedy.
public struct OutputError: Error, CustomStringConvertible {
  /// The sentence.
  public let description: String

  /// Creates the error from its sentence.
  public init(_ description: String) { self.description = description }
}
