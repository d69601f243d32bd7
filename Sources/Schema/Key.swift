/// A key of a job file: its name, what it may hold, its default, and what it is for.
///
/// A key stands beside what reads it; the lists of keys, the checks of a job, run ids and jobs/README.md follow from
/// it. A new key must have a default that leaves old runs as they were: run ids omit keys at their default.
package struct Key: Sendable {
  /// Whether a key belongs to each run or to the sweep as a whole.
  package enum Scope: Sendable {
    case run
    case sweep
  }

  /// The default of a key, for every choice of its section's `name` or for one.
  package struct Default: Sendable {
    /// The `name` of the section for which the key exists; nil: the key always exists.
    package var variant: String?
    /// The value where the key is not written; nil: it must be written.
    package var value: KeyValue?
  }

  /// The dotted name, such as `optimizer.momentum`.
  package let path: String
  /// The section it stands in; empty at the top.
  package let section: String
  /// The last part of the path.
  package let name: String
  package let kind: KeyKind
  package private(set) var defaults: [Default]
  package let scope: Scope
  /// One sentence for jobs/README.md.
  package let about: String

  /// A key with its default; one without must be written.
  package init(
    _ path: String, _ kind: KeyKind, default value: KeyValue? = nil, scope: Scope = .run, about: String
  ) {
    self.path = path
    let parts = path.split(separator: ".").map(String.init)
    section = parts.dropLast().joined(separator: ".")
    name = parts.last ?? ""
    self.kind = kind
    defaults = [Default(variant: nil, value: value)]
    self.scope = scope
    self.about = about
  }

  /// The same key with another default, for one choice of the section's `name` if that is said.
  package func with(default value: KeyValue?, for variant: String? = nil) -> Key {
    var key = self
    key.defaults = [Default(variant: variant, value: value)]
    return key
  }

  /// Whether it exists, or has its default, only for some choices of the section's `name`.
  package var belongsToName: Bool { defaults.contains { $0.variant != nil } }

  /// Its default for a choice of the section's `name`; nil where it does not exist for that choice.
  ///
  /// Most keys have one default whatever is chosen, and ask for no choice.
  package func defaultValue(variant: @autoclosure () -> String?) -> Default? {
    if let first = defaults.first, first.variant == nil { return first }
    let variant = variant()
    return defaults.first { $0.variant == nil || $0.variant == variant }
  }
}

extension [Key] {
  /// The keys of a section of which one `name` is chosen: the key `name`, and those of every choice, each once.
  package init(section: String, about: String, default name: String? = nil, of variants: [(String, [Key])]) {
    let names = KeyKind.choice(variants.map { $0.0 })
    self = [Key("\(section).name", names, default: name.map(KeyValue.text), about: about)]
    for (variant, keys) in variants {
      for key in keys {
        let own = key.defaults.map { Key.Default(variant: variant, value: $0.value) }
        if let index = firstIndex(where: { $0.path == key.path }) {
          precondition(self[index].kind == key.kind, "\(key.path) is two different keys.")
          self[index].append(own)
        } else {
          var key = key
          key.replaceDefaults(own)
          append(key)
        }
      }
    }
  }
}

extension Key {
  fileprivate mutating func append(_ more: [Default]) { defaults += more }
  fileprivate mutating func replaceDefaults(_ new: [Default]) { defaults = new }
}
