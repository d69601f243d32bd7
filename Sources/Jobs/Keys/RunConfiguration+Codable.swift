import Schema

// A run travels between processes as the keys that were written for it; whoever gets them works out the rest, and so the
// same id. They have been checked where they were read, so nothing is parsed or checked again.

extension RunConfiguration: Codable {
  /// Writes the keys that were written for the run, with their values.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(written.byPath.mapValues(\.value))
  }

  /// Makes the run of the keys that `encode` wrote.
  ///
  /// - Throws: what is wrong with the form of the message.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.singleValueContainer().decode([String: KeyValue].self)
    let written = values.map { Assignment(path: $0, setting: Setting(value: $1, place: .whole)) }
    self.init(shared: PlacedSettings(written), point: [])
  }
}
