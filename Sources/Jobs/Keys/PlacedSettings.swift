// The keys of one run that are written in the job, with their values and places.

import Schema

/// A parsed value and the place it comes from.
struct Setting: Hashable, Sendable {
  var value: KeyValue
  var place: Place
}

/// What is written of one run, by dotted key.
struct PlacedSettings: KeyedValues, Sendable {
  private(set) var byPath: [String: Setting] = [:]

  init(_ assignments: [Assignment] = []) {
    for assignment in assignments { byPath[assignment.path] = assignment.setting }
  }

  subscript(path: String) -> KeyValue? { byPath[path]?.value }

  /// Where a key was written; for one at its default, where the name of its section was.
  func place(_ path: String) -> Place {
    let section = path.split(separator: ".").first ?? ""
    let places = [path, "\(section).name"].compactMap { byPath[$0]?.place }
    return places.first { $0 != .whole } ?? .whole
  }

  /// These settings overlaid with those of a point of the grid.
  ///
  /// Where the point chooses another `name` for a section, of the section only those keys remain that have nothing to
  /// do with its name: constants of one optimizer are not those of another.
  func overlaid(with point: [Assignment]) -> PlacedSettings {
    var result = self
    for assignment in point where assignment.path.hasSuffix(".name") {
      let section = String(assignment.path.dropLast(".name".count))
      guard let shared = variantName(of: section), .text(shared) != assignment.setting.value else { continue }
      for key in KeyRegistry.keys where key.section == section && key.belongsToName {
        result.byPath[key.path] = nil
      }
    }
    for assignment in point { result.byPath[assignment.path] = assignment.setting }
    return result
  }

  /// All keys that exist for this run: those written, and the others at their default.
  ///
  /// Keys of the whole sweep are left out.
  var withDefaults: Settings { resolved(RunConfiguration.keys) }

  /// Those of some keys that exist, as they are written or at their default.
  func resolved(_ keys: [Key]) -> Settings {
    var values = [String: KeyValue](minimumCapacity: keys.count)
    for key in keys { values[key.path] = self[key.path] ?? standard(of: key)?.value }
    return Settings(values)
  }
}

extension KeyedValues {
  /// The default of a key for this run's choices; nil where the key does not exist for them.
  func standard(of key: Key) -> Key.Default? {
    key.defaultValue(variant: variantName(of: key.section))
  }

  /// The `name` chosen in a section, or its default; nil at the top, in sections without one, and where it is missing.
  func variantName(of section: String) -> String? {
    let path = section + ".name"
    guard case .text(let name) = self[path] ?? KeyRegistry.key(path)?.defaults.first?.value else {
      return nil
    }
    return name
  }
}

/// One key set to one value: the atom of a grid.
struct Assignment: Hashable, Sendable {
  var path: String
  var setting: Setting
}
