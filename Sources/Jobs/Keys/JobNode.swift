// A job file as a tree in which every value remembers where it was written, independent of the YAML library.

/// A value of a job file together with its place.
struct JobNode: Sendable {
  enum Content: Sendable {
    case scalar(String, quoted: Bool)
    case list([JobNode])
    case map([Entry])
  }

  /// One key of a map.
  struct Entry: Sendable {
    var key: String
    var place: Place
    var value: JobNode
  }

  var content: Content
  var place: Place

  /// What it is, for messages.
  var kindName: String {
    switch content {
    case .scalar(_, quoted: true): "text"
    case .scalar("", _): "nothing"
    case .scalar: "a single value"
    case .list: "a list"
    case .map: "a map"
    }
  }

  /// The entries, if this is a map.
  var entries: [Entry]? {
    if case .map(let entries) = content { entries } else { nil }
  }

  /// The text of a plain or quoted scalar.
  var text: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }

  /// The value as it would be written in one line.
  var flow: String {
    switch content {
    case .scalar(let text, let quoted): quoted ? "\"\(text)\"" : text
    case .list(let elements): "[" + elements.map(\.flow).joined(separator: ", ") + "]"
    case .map(let entries): "{" + entries.map { "\($0.key): \($0.value.flow)" }.joined(separator: ", ") + "}"
    }
  }

  /// The value of a key, if this is a map that has it.
  subscript(key: String) -> JobNode? {
    entries?.first { $0.key == key }?.value
  }
}
