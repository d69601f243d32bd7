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
///
/// The log is for people: what cannot be written is left out, since state is derived from shards alone.
struct EventLog: ~Copyable {
  private let handle: FileHandle
  private static let newline = UInt8(ascii: "\n")

  /// Opens or creates the log of `directory`.
  init(_ directory: OutputDirectory) throws {
    let path = directory.eventsFile
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    guard let handle = FileHandle(forUpdatingAtPath: path) else {
      throw OutputError("\(path): cannot be written to; check its permissions")
    }
    try Self.endTornLine(handle)
    self.handle = handle
  }

  deinit { try? handle.close() }

  /// A writer that was killed may have left half a line, which must not swallow the next one.
  private static func endTornLine(_ handle: FileHandle) throws {
    let end = try handle.seekToEnd()
    guard end > 0 else { return }
    try handle.seek(toOffset: end - 1)
    let last = try handle.readToEnd()?.last
    if last != newline { try handle.write(contentsOf: Data([newline])) }
  }

  func append(
    _ kind: SweepEvent.Kind, run: String? = nil, ranks: [Int]? = nil, status: String? = nil,
    steps: Int? = nil, seconds: Double? = nil, message: String? = nil
  ) {
    let event = SweepEvent(
      time: Date.now.formatted(.iso8601), event: kind, run: run, ranks: ranks, status: status,
      steps: steps, seconds: seconds, message: message)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let line = try? encoder.encode(event) else { return }
    try? handle.write(contentsOf: line + Data([Self.newline]))
  }

  /// Reads the log; lines that were cut short are left out.
  static func read(_ directory: OutputDirectory) -> [SweepEvent] {
    let data = FileManager.default.contents(atPath: directory.eventsFile) ?? Data()
    return data.split(separator: newline).compactMap { try? JSONDecoder().decode(SweepEvent.self, from: $0) }
  }
}
