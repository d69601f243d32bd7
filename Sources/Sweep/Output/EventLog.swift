import Foundation

/// Something that happened in a sweep: one line of `events.jsonl`.
public struct SweepEvent: Codable, Sendable {
  /// What happened.
  public enum Kind: String, Codable, Sendable {
    case sessionStarted = "session_started"
    case runStarted = "run_started"
    case progress
    case runEnded = "run_ended"
    case runFailed = "run_failed"
    case sessionEnded = "session_ended"
  }

  /// When, in ISO 8601.
  public var time: String
  /// What.
  public var event: Kind
  /// Which run, where it is about one.
  public var run: String?
  /// The ranks that worked on it.
  public var ranks: [Int]?
  /// How the run ended.
  public var status: String?
  /// Steps done.
  public var steps: Int?
  /// Seconds the run took.
  public var seconds: Double?
  /// An error or a remark.
  public var message: String?
}

/// Appends events to `events.jsonl`, each line written at once, so that other processes can follow.
struct EventLog: ~Copyable {
  private let handle: FileHandle

  init(_ directory: OutputDirectory) throws {
    let path = directory.eventsFile
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    guard let handle = FileHandle(forWritingAtPath: path) else {
      throw OutputError("\(path): cannot be written to; check its permissions")
    }
    _ = try handle.seekToEnd()
    self.handle = handle
  }

  deinit { try? handle.close() }

  func append(
    _ kind: SweepEvent.Kind, run: String? = nil, ranks: [Int]? = nil, status: String? = nil,
    steps: Int? = nil, seconds: Double? = nil, message: String? = nil
  ) throws {
    let event = SweepEvent(
      time: Date.now.formatted(.iso8601), event: kind, run: run, ranks: ranks, status: status,
      steps: steps, seconds: seconds, message: message)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try handle.write(contentsOf: try encoder.encode(event) + Data([UInt8(ascii: "\n")]))
  }

  /// Reads the log; a last line cut short by a killed writer is left out.
  static func read(_ directory: OutputDirectory) throws -> [SweepEvent] {
    let text = try String(contentsOfFile: directory.eventsFile, encoding: .utf8)
    return text.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(SweepEvent.self, from: Data($0.utf8))
    }
  }
}
