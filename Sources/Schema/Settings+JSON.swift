// Settings as JSON with sorted keys and shortest numbers: the same settings always give the same bytes, whatever
// the platform. Run ids hash these bytes, so the form must never change.

extension Settings {
  /// All keys as one JSON object, sections as objects in it.
  package func json(where isIncluded: (_ path: String, KeyValue) -> Bool = { _, _ in true }) -> String {
    SettingsJSON(self, where: isIncluded).text
  }
}

/// Settings as JSON, section by section, so that one can be renewed while the others stay.
package struct SettingsJSON: Sendable {
  private typealias Member = (name: String, json: String)

  /// What stands at the top.
  private var top: [Member] = []
  /// The object of every section that has keys.
  private var sections: [String: String] = [:]

  package init(
    _ settings: Settings, where isIncluded: (_ path: String, KeyValue) -> Bool = { _, _ in true }
  ) {
    var sections: [String: [Member]] = [:]
    for (path, value) in settings.byPath where isIncluded(path, value) {
      if let dot = path.firstIndex(of: ".") {
        sections[String(path[..<dot]), default: []].append(
          (String(path[path.index(after: dot)...]), value.json))
      } else {
        top.append((path, value.json))
      }
    }
    self.sections = sections.mapValues(Self.object)
  }

  /// Replaces a section, or what stands at the top; `values` are its keys' by their names.
  package mutating func replace(_ section: String, by values: [(name: String, value: KeyValue)]) {
    let members = values.map { ($0.name, $0.value.json) }
    if section.isEmpty {
      top = members
    } else {
      sections[section] = members.isEmpty ? nil : Self.object(members)
    }
  }

  /// The whole object.
  package var text: String { Self.object(top + sections.map { ($0.key, $0.value) }) }

  private static func object(_ members: [Member]) -> String {
    let sorted = members.sorted { $0.name < $1.name }
    return "{" + sorted.map { "\"\($0.name)\":\($0.json)" }.joined(separator: ",") + "}"
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
