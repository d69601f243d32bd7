import Schema

/// Makes runs of the points of a grid, one after the other.
///
/// Neighbours in a grid differ in few keys: of a point like the one before, only the sections that differ are read again.
struct RunReader {
  private let shared: PlacedSettings
  private let texts = RunTexts()
  private var last: Last?

  private struct Last {
    var run: RunConfiguration
    var settings: Settings
    /// How the settings differ from their defaults.
    var differences: SettingsJSON
  }

  /// Reads the points of a grid; `shared` are the keys outside of it.
  init(shared: PlacedSettings) { self.shared = shared }

  /// The runs of points that have been checked.
  static func runs(of points: some Sequence<Point>, shared: PlacedSettings) -> [RunConfiguration] {
    var reader = RunReader(shared: shared)
    return points.map { reader.run(at: $0) }
  }

  /// The run of a point that has been checked.
  mutating func run(at point: Point) -> RunConfiguration {
    guard var known = last, let changes = point.changes(from: known.run.point) else { return readAll(point) }
    last = nil
    let sections = known.settings.replace(changes)
    for section in sections { known.differences.renew(section, of: known.settings) }
    known.run = RunConfiguration(
      shared: shared, point: point, known.settings, id: RunIdentity.id(of: known.settings, known.differences),
      texts: texts, like: known.run, but: sections)
    last = known
    return known.run
  }

  private mutating func readAll(_ point: Point) -> RunConfiguration {
    let settings = shared.overlaid(with: point).withDefaults
    let differences = RunIdentity.json(of: settings)
    let run = RunConfiguration(
      shared: shared, point: point, settings, id: RunIdentity.id(of: settings, differences), texts: texts)
    last = Last(run: run, settings: settings, differences: differences)
    return run
  }
}

extension Settings {
  /// Gives keys other values, and returns the sections in which they stand.
  mutating func replace(_ changes: [Assignment]) -> Set<String> {
    for change in changes { replace(change.path, by: change.setting.value) }
    return Set(changes.map { KeyRegistry.key($0.path)?.section ?? "" })
  }
}

extension Point {
  /// What is set to another value than in another point; nil where not the same keys exist in both.
  func changes(from other: Point) -> [Assignment]? {
    guard count == other.count else { return nil }
    var changes: [Assignment] = []
    for (new, old) in zip(self, other) {
      guard new.path == old.path else { return nil }
      if new.setting.value == old.setting.value { continue }
      if new.path.hasSuffix(".name") { return nil }
      changes.append(new)
    }
    return changes
  }
}
