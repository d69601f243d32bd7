internal import Files
internal import Foundation
internal import Problems
public import Shards

/// Something that happened in a sweep: one line of `events.jsonl`.
public struct SweepEvent: Codable, Sendable {
  /// What happened.
  public enum Kind: String, Codable, Sendable {
    case sessionStarted = "session_started"
    case runStarted = "run_started"
    case runEnded = "run_ended"
    case runFailed = "run_failed"
    case runSaved = "run_saved"
    case pausing
    case rankLost = "rank_lost"
    case rankSilent = "rank_silent"
    case rankBack = "rank_back"
    case sessionEnded = "session_ended"
    case runRetried = "run_retried"
    case runForgotten = "run_forgotten"
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
  public var status: RunStatus?
  /// Steps done.
  public var steps: Int?
  /// Seconds the run took.
  public var seconds: Double?
  /// Seconds that all that is left would take from then on, on these ranks.
  public var left: Double?
  /// An error or a remark.
  public var message: String?
}

/// Appends events to `events.jsonl`, each line written at once, so that other processes can follow.
///
/// The log is for people: what cannot be written is left out, since state is derived from shards alone.
struct EventLog: ~Copyable {
  private let file: LineFile
  private let encoder = JSONEncoder()

  /// Opens or creates the log of `directory`.
  init(_ directory: OutputDirectory) throws(Problem) {
    file = try LineFile(directory.eventsFile)
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  }

  func append(
    _ kind: SweepEvent.Kind, run: String? = nil, ranks: [Int]? = nil, status: RunStatus? = nil,
    steps: Int? = nil, seconds: Double? = nil, left: Double? = nil, message: String? = nil
  ) {
    let event = SweepEvent(
      time: Date.now.formatted(.iso8601), event: kind, run: run, ranks: ranks, status: status,
      steps: steps, seconds: seconds, left: left, message: message)
    guard let line = try? encoder.encode(event) else { return }
    file.append(Array(line))
  }
}

/// Reads the end of the log of a sweep, and then what is appended; lines that were cut short are left out.
struct EventReader {
  /// The last events of the last session, oldest first.
  private(set) var recent: [SweepEvent] = []
  private var lines: LineReader

  /// How many events are kept, and how many bytes are read at once.
  private static let limit = (events: 200, bytes: 64 << 10)

  init(_ directory: OutputDirectory) {
    lines = LineReader(directory.eventsFile, atMost: Self.limit.bytes)
  }

  /// Reads what is new.
  mutating func refresh() throws(Problem) {
    for line in try lines.next() {
      guard let event = try? JSONDecoder().decode(SweepEvent.self, from: Data(line)) else { continue }
      if event.event == .sessionStarted { recent = [] }
      recent.append(event)
    }
    recent.removeFirst(max(0, recent.count - Self.limit.events))
  }
}
