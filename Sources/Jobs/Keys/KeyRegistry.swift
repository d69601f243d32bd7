// Every key of a job file. Each stands beside what reads it, with type, range, default and meaning; parsing,
// suggestions, run ids and jobs/README.md follow from this list.

package import Schema

package enum KeyRegistry {
  /// All keys, in the order of the documentation.
  package static let keys: [Key] = SweepOptions.allKeys + RunConfiguration.keys

  /// The sections: keys that hold a map.
  static let sections: [String] = keys.map(\.section).reduce(into: []) { sections, section in
    if !section.isEmpty, !sections.contains(section) { sections.append(section) }
  }

  /// The key at a path.
  static func key(_ path: String) -> Key? { byPath[path] }

  /// Whether a path is a section; the empty path, the whole job, is one.
  static func isSection(_ path: String) -> Bool { path.isEmpty || sections.contains(path) }

  /// The keys and sections that stand directly in a section, by name.
  static func names(in section: String) -> [String] {
    keys.filter { $0.section == section }.map(\.name) + (section.isEmpty ? sections + ["grid"] : [])
  }

  private static let byPath = Dictionary(uniqueKeysWithValues: keys.map { ($0.path, $0) })
}
