// `--set key=value`: overrides change the tree before anything is expanded, so that the stored job is the one that ran.

import Problems
import Schema

/// An override of the command line that has been read.
struct Override {
  /// The text as the user typed it.
  let text: String
  /// The dotted key or section.
  let path: String
  /// The keys that it sets, in all its points.
  let keys: Set<String>
}

extension JobNode {
  /// Sets a dotted key to a YAML value.
  ///
  /// One value is set at the top and in every block of the grid that has the key, in the place of the values there. A
  /// list of values, or a range, becomes an axis of every block.
  ///
  /// - Returns: what was set; nil where the override cannot be read.
  mutating func apply(_ text: String, log: inout ProblemLog) -> Override? {
    let place = Place.override(text)
    guard let separator = text.firstIndex(of: "="), separator != text.startIndex else {
      let odd = text.charactersOutsideASCII.joined(separator: ", ")
      log.report(
        "not of the form key=value" + (odd.isEmpty ? "" : " (it holds \(odd))"), remedy: Self.form(of: text),
        at: place)
      return nil
    }
    let path = String(text[..<separator]).trimmingSpaces
    guard path == "grid" || KeyRegistry.key(path) != nil || KeyRegistry.sections.contains(path) else {
      log.reportUnknown(path, at: place)
      return nil
    }
    let written = String(text[text.index(after: separator)...])
    guard let value = JobNode.parse(value: written, override: text, log: &log) else { return nil }
    let keys = Self.check(value, of: path, log: &log)
    let parts = path.split(separator: ".").map(String.init)
    if value.isAxis(of: path) {
      setAxis(parts, to: value)
    } else {
      setInGrid(parts, to: value)
      set(parts, to: value)
    }
    return Override(text: text, path: path, keys: keys)
  }

  private static func form(of text: String) -> String {
    if text.hasPrefix("~") { return "remove a key from the job file; --set gives it another value" }
    guard let colon = text.firstIndex(of: ":"), KeyRegistry.key(String(text[..<colon])) != nil else {
      return KeyRegistry.key(text) == nil ? "write --set stop.steps=100" : "write --set \(text)=..."
    }
    return "write --set '\(text[..<colon])=\(String(text[text.index(after: colon)...]).trimmingSpaces)'"
  }

  /// Reports what is wrong with a value, whether or not it remains until the end; returns the keys it sets.
  private static func check(_ value: JobNode, of path: String, log: inout ProblemLog) -> Set<String> {
    var expansion = GridExpansion(log: log)
    let points =
      if path == "grid" {
        expansion.grid(value)
      } else if KeyRegistry.key(path)?.scope == .sweep {
        [expansion.shared([Entry(key: path, place: value.place, value: value)])]
      } else {
        expansion.points(of: value, at: path)
      }
    log = expansion.log
    return Set(points.joined().map(\.path))
  }

  /// Whether it stands for several values, where one of these keys can have them.
  private func isAxis(of path: String) -> Bool {
    guard path != "grid", KeyRegistry.key(path)?.scope != .sweep, !isInterval(of: path) else { return false }
    switch (content, KeyRegistry.key(path)?.kind.isList) {
    case (.list, nil), (.list, false), (.map, false): return true
    case (.list(let elements), true): return !elements.isEmpty && elements.contains { $0.text == nil }
    default: return false
    }
  }
}

// MARK: - Blocks of the grid

extension JobNode {
  private mutating func setInGrid(_ path: [String], to value: JobNode) {
    guard path != ["grid"] else { return }
    mutateEntry("grid") { grid in
      grid.mutateElements { block in block.replaceAxis(path, by: nil, inMaps: value) }
    }
  }

  /// Makes a value an axis of every block, in the place of the axis there; without a grid, of a block of its own.
  private mutating func setAxis(_ path: [String], to value: JobNode) {
    remove(path)
    if self["grid"] == nil { set(["grid"], to: JobNode(content: .list([]), place: value.place)) }
    mutateEntry("grid") { grid in
      if case .list(let blocks) = grid.content, blocks.isEmpty {
        grid.content = .list([JobNode(content: .map([]), place: value.place)])
      }
      grid.mutateElements { block in block.replaceAxis(path, by: value, inMaps: value) }
    }
  }

  /// Replaces the axis of a key in a block, or removes it, and sets the key inside the maps of an axis of its section.
  private mutating func replaceAxis(_ path: [String], by axis: JobNode?, inMaps value: JobNode) {
    guard case .map(var entries) = content else { return }
    let dotted = path.joined(separator: ".")
    let position = entries.firstIndex { $0.key == dotted }
    entries.removeAll { $0.key == dotted || $0.key.hasPrefix(dotted + ".") }
    var isSet = false
    for index in entries.indices where path.count > 1 && entries[index].key == path[0] {
      entries[index].value.setInAxis(Array(path.dropFirst()), to: value)
      isSet = true
    }
    if let axis, !isSet {
      entries.insert(
        Entry(key: dotted, place: axis.place, value: axis), at: min(position ?? entries.count, entries.count))
    }
    content = .map(entries)
  }

  private mutating func setInAxis(_ path: [String], to value: JobNode) {
    if case .list = content {
      mutateElements { $0.set(path, to: value) }
    } else {
      set(path, to: value)
    }
  }

  private mutating func mutateEntry(_ key: String, _ change: (inout JobNode) -> Void) {
    guard case .map(var entries) = content, let index = entries.firstIndex(where: { $0.key == key }) else {
      return
    }
    change(&entries[index].value)
    content = .map(entries)
  }

  private mutating func mutateElements(_ change: (inout JobNode) -> Void) {
    guard case .list(var elements) = content else { return }
    for index in elements.indices { change(&elements[index]) }
    content = .list(elements)
  }
}

// MARK: - Maps

extension JobNode {
  /// Sets a key in a map; a single word that names a section's choice becomes a map first.
  private mutating func set(_ path: [String], to value: JobNode) {
    guard let name = path.first else {
      self = value
      return
    }
    var entries = asSection
    if let dotted = entries.firstIndex(where: { $0.key == path.joined(separator: ".") }) {
      entries[dotted].value = value
    } else if let index = entries.firstIndex(where: { $0.key == name }) {
      entries[index].value.set(Array(path.dropFirst()), to: value)
    } else {
      var fresh = JobNode(content: .map([]), place: value.place)
      fresh.set(Array(path.dropFirst()), to: value)
      entries.append(Entry(key: name, place: value.place, value: fresh))
    }
    content = .map(entries)
  }

  /// Removes a key or a section from a map, however it is written.
  private mutating func remove(_ path: [String]) {
    guard let name = path.first, case .map(var entries) = content else { return }
    let dotted = path.joined(separator: ".")
    entries.removeAll { $0.key == dotted || $0.key.hasPrefix(dotted + ".") }
    for index in entries.indices where path.count > 1 && entries[index].key == name {
      entries[index].value.remove(Array(path.dropFirst()))
    }
    content = .map(entries)
  }

  private var asSection: [Entry] {
    switch content {
    case .map(let entries): entries
    case .scalar("", quoted: false), .list: []
    case .scalar: [Entry(key: "name", place: place, value: self)]
    }
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
