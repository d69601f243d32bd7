// What a key that does not exist was meant to be.

import Schema

/// The keys that an unknown one may stand for, and what to do.
struct KeyHint {
  /// Keys or sections that exist.
  private(set) var paths: [String] = []
  private(set) var remedy: String
  /// What should be known of them.
  private(set) var remark: String?

  /// Looks for what a dotted key may mean.
  init(_ path: String) {
    let bare = String(path.drop { "+~-".contains($0) })
    let parts = bare.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let name = parts.last ?? ""
    let section = parts.dropLast().joined(separator: ".")
    if KeyRegistry.isSection(section) {
      self.init(name: name, in: section)
    } else {
      self.init(name: name, inUnknown: section)
    }
    if bare != path {
      if KeyRegistry.key(bare) != nil { paths = [bare] }
      remedy = "write the key without '\(path.first ?? "+")'; \(remedy)"
    } else if path.contains(":") {
      remedy = "write a space behind ':'; \(remedy)"
    }
  }

  /// A name in a section that exists, or at the top.
  private init(name: String, in section: String) {
    let names = KeyRegistry.names(in: section)
    let level = section.isEmpty ? "at the top" : "in \(section)"
    remedy = "keys \(level): " + names.joined(separator: ", ")
    func own(_ name: String) -> String { section.isEmpty ? name : "\(section).\(name)" }
    let meaning = Synonyms.key(name, in: section)
    if let same = names.first(where: { Suggestion.plain($0) == Suggestion.plain(name) }) {
      paths = [own(same)]
    } else if !section.isEmpty, let number = names.first(where: { $0 == name + "s" || $0 + "s" == name }) {
      paths = [own(number)]
    } else if let meaning {
      paths = meaning.paths
      remark = meaning.remark
    } else {
      let elsewhere = Self.elsewhere(name)
      paths =
        elsewhere.isEmpty ? Suggestion.nearest(to: name, among: names).map { [own($0)] } ?? [] : elsewhere
    }
    if let remark { remedy = paths.isEmpty ? remark : "\(remark); \(remedy)" }
    paths.removeAll { $0 == section }
  }

  /// A name in a section that does not exist.
  private init(name: String, inUnknown section: String) {
    remedy = "sections: " + KeyRegistry.sections.joined(separator: ", ")
    if let key = KeyRegistry.key(section) {
      remedy = "\(key.path) takes one value, \(key.kind.summary); \(remedy)"
      return
    }
    let likely =
      Suggestion.nearest(to: section, among: KeyRegistry.sections)
      ?? Synonyms.key(section, in: "")?.paths.first(where: KeyRegistry.sections.contains)
    if let likely, KeyRegistry.key("\(likely).\(name)") != nil {
      paths = [likely]
    } else {
      paths = KeyRegistry.key(name) != nil ? [name] : KeyHint(name: name, in: likely ?? "").paths
      if paths.isEmpty, let likely { paths = [likely] }
    }
  }

  /// The keys of that name in any section.
  private static func elsewhere(_ name: String) -> [String] {
    let plain = Suggestion.plain(name)
    return KeyRegistry.keys.filter { $0.name != "name" && Suggestion.plain($0.name) == plain }.map(\.path)
  }

  /// "did you mean 'stop.steps'? ", with the choices of the section to which a key belongs; empty without a hint.
  var question: String {
    paths.isEmpty ? "" : "did you mean \(paths.map(Self.described).joined(separator: " or "))? "
  }

  private static func described(_ path: String) -> String {
    guard let key = KeyRegistry.key(path) else { return "'\(path)'" }
    let owners = key.owners
    return owners.isEmpty ? "'\(path)'" : "'\(path)' (of \(KeyKind.join(owners, "and")))"
  }
}

extension Key {
  /// The choices of its section's `name` for which it exists; empty where it always does.
  var owners: [String] {
    let variants = defaults.compactMap(\.variant)
    guard case .choice(let all) = KeyRegistry.key("\(section).name")?.kind, variants.count < all.count else {
      return []
    }
    return variants
  }
}

extension JobFile {
  /// How `--set` gives a value to what a word of another program stands for; nil where that is not one key.
  public static func override(_ word: String, value: Substring) -> String? {
    if KeyRegistry.key(word) != nil || KeyRegistry.sections.contains(word) {
      return "--set '\(word)=\(value)'"
    }
    let hint = KeyHint(word)
    guard hint.paths.count == 1, let path = hint.paths.first else { return nil }
    return hint.remark.map { "--set '\(path)=...'; \($0)" } ?? "--set '\(path)=\(value)'"
  }
}

extension ProblemLog {
  /// Reports a key that does not exist, with what it may mean.
  mutating func reportUnknown(_ path: String, at place: Place) {
    let hint = KeyHint(path)
    report("unknown", remedy: hint.question + hint.remedy, key: path, at: place)
  }
}
