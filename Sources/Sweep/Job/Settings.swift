// The keys of one run with their values: those written in the job, and after `resolve` all that exist for it.

/// A parsed value and the place it comes from.
struct Setting: Hashable, Sendable {
  var value: KeyValue
  var place: Place
}

/// The settings of one run by dotted key.
struct Settings: Sendable {
  private(set) var byPath: [String: Setting] = [:]

  init(_ assignments: [Assignment] = []) {
    for assignment in assignments { byPath[assignment.path] = assignment.setting }
  }

  subscript(path: String) -> KeyValue? { byPath[path]?.value }

  /// The values alone.
  var values: [String: KeyValue] { byPath.mapValues(\.value) }

  /// Where a key was written; for one at its default, where the name of its section was.
  func place(_ path: String) -> Place {
    let section = path.split(separator: ".").first ?? ""
    let places = [path, "\(section).name"].compactMap { byPath[$0]?.place }
    return places.first { $0 != .whole } ?? .whole
  }

  /// These settings overlaid with those of a point of the grid. Where the point chooses another `name` for a
  /// section, nothing of the section remains.
  func overlaid(with point: [Assignment]) -> Settings {
    var result = self
    for assignment in point where assignment.path.hasSuffix(".name") {
      guard let shared = self[assignment.path], shared != assignment.setting.value else { continue }
      let section = String(assignment.path.dropLast(".name".count))
      for path in byPath.keys where path.hasPrefix(section + ".") { result.byPath[path] = nil }
    }
    for assignment in point { result.byPath[assignment.path] = assignment.setting }
    return result
  }

  /// Checks that every written key exists for this run's choices and adds the defaults; keys of the whole sweep are left out.
  /// Returns nil, with the problems in the log, where the run is not completely determined.
  func resolved(log: inout ProblemLog) -> Settings? {
    var result = self
    var isComplete = true
    for key in KeyRegistry.keys {
      guard key.scope == .run else {
        result.byPath[key.path] = nil
        continue
      }
      let variant = variantName(of: key.section)
      let standard = key.defaultValue(variant: variant)
      switch (byPath[key.path], standard) {
      case (nil, nil): break
      case (nil, let standard?):
        guard let value = standard.value else {
          isComplete = false
          reportMissing(key, log: &log)
          continue
        }
        result.byPath[key.path] = Setting(value: value, place: .whole)
      case (let setting?, nil):
        guard let variant else { continue }  // The missing name is reported instead.
        isComplete = false
        reportForeign(key, variant: variant, at: setting.place, log: &log)
      case (let setting?, let standard?):
        if key.isWordWhereNumberBelongs(setting.value, standard: standard) {
          isComplete = false
          log.report(
            "'\(setting.value.text)' is not possible for \(variant ?? "this")", remedy: "write a number",
            key: key.path, at: setting.place)
        }
      }
    }
    return isComplete ? result : nil
  }

  /// The `name` chosen in a section; nil at the top, in sections without one, and where it is missing.
  func variantName(of section: String) -> String? {
    guard case .text(let name) = self[section + ".name"] else { return nil }
    return name
  }

  private func reportMissing(_ key: Key, log: inout ProblemLog) {
    let section = key.section.isEmpty ? nil : byPath.filter { $0.key.hasPrefix(key.section + ".") }
    let place = section?.values.map(\.place).min(by: Self.isEarlier) ?? .whole
    log.report("it is missing", remedy: "write \(key.kind.summary)", key: key.path, at: place)
  }

  private static func isEarlier(_ first: Place, _ second: Place) -> Bool {
    if case .line(let a) = first, case .line(let b) = second { return a < b }
    return false
  }

  private func reportForeign(_ key: Key, variant: String, at place: Place, log: inout ProblemLog) {
    let own = KeyRegistry.keys.filter {
      $0.section == key.section && $0.name != "name" && $0.defaultValue(variant: variant) != nil
    }
    let remedy =
      own.isEmpty ? "remove it" : "remove it; \(variant) has " + own.map(\.name).joined(separator: ", ")
    log.report("it does not belong to \(variant)", remedy: remedy, key: key.path, at: place)
  }
}

/// One key set to one value: the atom of a grid.
struct Assignment: Hashable, Sendable {
  var path: String
  var setting: Setting
}

extension Key {
  /// Some words, such as `all`, are possible only where the default is one.
  fileprivate func isWordWhereNumberBelongs(_ value: KeyValue, standard: Default) -> Bool {
    guard case .integer = kind, standard.variant != nil, case .text = value else { return false }
    if case .integer = standard.value { return true }
    return false
  }
}
