// Settings as JSON with sorted keys and shortest numbers: the same settings always give the same bytes, whatever
// the platform. Run ids hash these bytes, so the form must never change.

/// Keys by the section they stand in, which is empty at the top.
package struct KeySections: Sendable {
  private let bySection: [String: [Key]]

  /// Sorts keys into their sections.
  package init(_ keys: [Key]) {
    bySection = Dictionary(grouping: keys, by: \.section).mapValues { $0.sorted { $0.name < $1.name } }
  }

  /// The keys that stand directly in a section, in the order of their names.
  package subscript(section: String) -> [Key] { bySection[section] ?? [] }

  fileprivate var names: some Sequence<String> { bySection.keys }
}

extension Settings {
  /// The values of some keys as one JSON object, sections as objects in it.
  package func json(of keys: KeySections) -> String { SettingsJSON(self, of: keys).text }
}

/// Settings as JSON, section by section, so that one can be renewed while the others stay.
package struct SettingsJSON: Sendable {
  private typealias Member = (name: String, json: String)

  private let keys: KeySections
  /// What stands at the top.
  private var top: [Member] = []
  /// The object of every section that has keys.
  private var objects: [String: String] = [:]

  /// The settings of some keys, of which some may be left out.
  package init(
    _ settings: Settings, of keys: KeySections, where isIncluded: (Key, KeyValue) -> Bool = { _, _ in true }
  ) {
    self.keys = keys
    for section in keys.names { renew(section, of: settings, where: isIncluded) }
  }

  /// Takes up a section, or what stands at the top, anew.
  package mutating func renew(
    _ section: String, of settings: Settings, where isIncluded: (Key, KeyValue) -> Bool
  ) {
    var members: [Member] = []
    for key in keys[section] {
      if let value = settings[key.path], isIncluded(key, value) { members.append((key.name, value.json)) }
    }
    if section.isEmpty {
      top = members
    } else {
      objects[section] = members.isEmpty ? nil : Self.object(members)
    }
  }

  /// The whole object.
  package var text: String {
    Self.object((top + objects.map { ($0.key, $0.value) }).sorted { $0.name < $1.name })
  }

  private static func object(_ members: [Member]) -> String {
    var text = "{"
    for (index, member) in members.enumerated() {
      text += index == 0 ? "\"" : ",\""
      text += member.name
      text += "\":"
      text += member.json
    }
    return text + "}"
  }
}

extension KeyValue {
  fileprivate var json: String {
    switch self {
    case .flag(let flag): flag ? "true" : "false"
    case .integer(let integer): integer.description
    case .real(let real): real.description
    case .text(let text): Self.quoted(text)
    case .integers(let integers): "[" + integers.map(\.description).joined(separator: ",") + "]"
    case .reals(let reals): "[" + reals.map(\.description).joined(separator: ",") + "]"
    }
  }

  private static func quoted(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) { return "\"\(text)\"" }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
