// Checks of the keys written for a run against those that exist for its choices.

import Schema

extension PlacedSettings {
  /// Reports keys that do not belong to this run's choices, and those that are missing.
  func check(log: inout ProblemLog) {
    for key in KeyRegistry.keys where key.scope == .run {
      switch (byPath[key.path], standard(of: key)) {
      case (nil, let standard?) where standard.value == nil: reportMissing(key, log: &log)
      case (nil, _): break
      case (let setting?, nil): reportForeign(key, at: setting.place, log: &log)
      case (let setting?, let standard?): check(setting, of: key, standard, log: &log)
      }
    }
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

  private func reportForeign(_ key: Key, at place: Place, log: inout ProblemLog) {
    // Where the name itself is missing, that is reported instead.
    guard let variant = variantName(of: key.section) else { return }
    let own = KeyRegistry.keys.filter {
      $0.section == key.section && $0.name != "name" && $0.defaultValue(variant: variant) != nil
    }
    let alike = Synonyms.equivalents.first { $0.contains(key.name) } ?? []
    let instead = own.first { alike.contains($0.name) }.map { ", or write '\($0.name)' in its place" } ?? ""
    let names = own.isEmpty ? "" : "; \(variant) has " + own.map(\.name).joined(separator: ", ")
    let owners = key.owners.isEmpty ? "" : "; it is a key of " + KeyKind.join(key.owners, "and")
    log.report(
      "it does not belong to \(variant)", remedy: "remove it" + instead + names + owners, key: key.path,
      at: place)
  }

  /// Some words, such as `all`, are possible only where the default is one.
  private func check(_ setting: Setting, of key: Key, _ standard: Key.Default, log: inout ProblemLog) {
    guard let variant = standard.variant, case .integer = key.kind, case .integer = standard.value,
      case .text(let word) = setting.value
    else { return }
    log.report(
      "'\(word)' is not possible for \(variant)", remedy: "write a number", key: key.path, at: setting.place)
  }
}

/// Looks at the points of a grid, one after the other.
///
/// Neighbours in a grid differ in few keys: a point that differs from a sound one in numbers alone is as sound.
struct PointChecks {
  private let shared: PlacedSettings
  private var sound: Point?

  /// Looks at points of a grid; `shared` are the keys outside of it.
  init(shared: PlacedSettings) { self.shared = shared }

  /// Whether there is nothing to report of a point.
  mutating func isSound(_ point: Point) -> Bool {
    let changes = sound.flatMap { point.changes(from: $0) }
    if let changes, !changes.contains(where: \.setting.value.isWord) { return true }
    var log = ProblemLog(file: "")
    shared.overlaid(with: point).check(log: &log)
    if log.problems.isEmpty { sound = point }
    return log.problems.isEmpty
  }
}

extension KeyValue {
  /// Whether it is a text, or a word in the place of a number.
  fileprivate var isWord: Bool { if case .text = self { true } else { false } }
}
