import Schema
internal import Synchronization

// A run travels between processes as the keys that were written for it; whoever gets them works out the rest, and so the
// same id. They have been checked where they were read, so nothing is parsed or checked again.

extension RunConfiguration: Codable {
  /// Writes the keys that were written for the run, with their values: one after the other, sorted by keys.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    let written = written.byPath.sorted { $0.key < $1.key }
    try container.encode(written.flatMap { [$0.key, $0.value.value.code] })
  }

  /// Makes the run of the keys that `encode` wrote.
  ///
  /// - Throws: what is wrong with the form of the message.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let texts = try container.decode([String].self)
    let written = try stride(from: 0, to: texts.count - 1, by: 2).map { index in
      guard let value = KeyValue(code: texts[index + 1]) else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "'\(texts[index + 1])' is no value of a key.")
      }
      return Assignment(path: texts[index], setting: Setting(value: value, place: .whole))
    }
    let last = decoder.userInfo[.lastRun] as? LastRun ?? LastRun()
    self = last.run(written)
  }
}

/// The run that a decoder read last, from which it makes the next one.
package final class LastRun: Sendable {
  private let reader = Mutex(RunReader(shared: PlacedSettings()))

  /// Knows no run yet.
  package init() {}

  fileprivate func run(_ written: Point) -> RunConfiguration { reader.withLock { $0.run(at: written) } }
}

extension CodingUserInfoKey {
  /// Where a decoder of many runs keeps its `LastRun`.
  package static let lastRun = CodingUserInfoKey(rawValue: "lastRun") ?? { preconditionFailure("A key.") }()
}
