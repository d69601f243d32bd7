// Every key of a job file. Each stands beside what reads it, with type, range, default and meaning; parsing,
// suggestions, run ids and jobs/README.md follow from this list.

package import Schema

package enum KeyRegistry {
  /// All keys, in the order of the documentation.
  package static let keys: [Key] = sweepKeys + RunConfiguration.keys

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

  private static let sweepKeys = [
    Key(
      "name", .text, scope: .sweep,
      about: "Name of the sweep: letters, digits, '.', '_' and '-'. It does not enter run ids."),
    Key(
      "ranks_per_run", .powerOfTwo(or: ["auto"]), default: "auto", scope: .sweep,
      about:
        "Ranks that share a run. `auto`: one while there are enough runs, more towards the end. Never changes a result."
    ),
    Key(
      "checkpoint.minutes", .real(.positive, or: ["never"]), default: 10.0, scope: .sweep,
      about:
        "Minutes of a run after which it is saved, to go on from there when it was interrupted. Never changes a result."
    ),
    Key(
      "checkpoint.steps", .integer(1...Int.max, or: ["none"]), default: "none", scope: .sweep,
      about: "Steps of a run after which it is saved too. Never changes a result."),
    Key(
      "residual_memory", .real(.nonNegative), default: 1.0, scope: .sweep,
      about:
        "GiB of memory in which a rank keeps, from one Hessian product to the next, what they need of the weights, one block in any case; what does not fit is computed again in every product. Never changes a result."
    ),
    Key(
      "shard.seconds", .real(.nonNegative), default: 5.0, scope: .sweep,
      about:
        "Seconds of short runs that a kill may cost: runs that ended are gathered so long before they are written, longer where writing takes more than a few percent of the time. Never changes a result."
    ),
  ]
}
