// `--set key=value`: overrides change the tree before anything is expanded, so that the stored job is the one that ran.

extension JobNode {
  /// Sets a dotted key to a YAML value: at the top, and in every block of the grid that has it, where it replaces
  /// the values there.
  mutating func apply(_ override: String, log: inout ProblemLog) {
    let place = Place.override(override)
    guard let separator = override.firstIndex(of: "="), separator != override.startIndex else {
      log.report("not of the form key=value", remedy: "write --set stop.steps=100", at: place)
      return
    }
    let path = String(override[..<separator]).trimmingSpaces
    let text = String(override[override.index(after: separator)...])
    guard path == "grid" || KeyRegistry.key(path) != nil || KeyRegistry.sections.contains(path) else {
      log.reportUnknown(path, at: place)
      return
    }
    guard let value = JobNode.parse(value: text, override: override, log: &log) else { return }
    let parts = path.split(separator: ".").map(String.init)
    setInGrid(parts, to: value)
    set(parts, to: value)
  }

  private mutating func setInGrid(_ path: [String], to value: JobNode) {
    guard path != ["grid"] else { return }
    mutateEntry("grid") { grid in
      grid.mutateElements { block in block.replaceAxis(path, by: value) }
    }
  }

  /// Removes the axes of the key from a block, and sets it inside the maps of an axis of its section.
  private mutating func replaceAxis(_ path: [String], by value: JobNode) {
    guard case .map(var entries) = content else { return }
    let dotted = path.joined(separator: ".")
    entries.removeAll { $0.key == dotted || $0.key.hasPrefix(dotted + ".") }
    for index in entries.indices where path.count > 1 && entries[index].key == path[0] {
      entries[index].value.setInAxis(Array(path.dropFirst()), to: value)
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

  private var asSection: [Entry] {
    switch content {
    case .map(let entries): entries
    case .scalar("", quoted: false), .list: []
    case .scalar: [Entry(key: "name", place: place, value: self)]
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

extension String {
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
