// "Did you mean ...?": the nearest known word.

enum Suggestion {
  /// What other programs call a key.
  static let synonyms = [
    "lr": "learning_rate", "eta": "learning_rate", "step_size": "learning_rate", "batch": "batch_size",
    "iterations": "stop.steps", "max_steps": "stop.steps", "epochs": "stop.steps",
    "relative": "schedule.unit", "network": "model", "dataset": "data",
  ]

  /// The candidate with the fewest edits, if it is near enough to be a likely slip; ties go to the first.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    let limit = max(1, word.count / 3)
    let rated = candidates.map { (name: $0, edits: distance(word.lowercased(), $0.lowercased())) }
    guard let best = rated.min(by: { $0.edits < $1.edits }), best.edits <= limit else { return nil }
    return best.name
  }

  /// Edits that turn one word into another: insert, delete, replace, or swap two neighbours
  /// (optimal string alignment distance).
  static func distance(_ first: String, _ second: String) -> Int {
    let a = Array(first.unicodeScalars)
    let b = Array(second.unicodeScalars)
    var older: [Int] = []
    var previous = Array(0...b.count)
    for i in a.indices {
      var current = [i + 1]
      for j in b.indices {
        var best = min(current[j] + 1, previous[j + 1] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, older[j - 1] + 1) }
        current.append(best)
      }
      older = previous
      previous = current
    }
    return previous[b.count]
  }
}

extension ProblemLog {
  /// Reports a key that does not exist, with the nearest one that does.
  mutating func reportUnknown(_ path: String, at place: Place) {
    let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let section = parts.dropLast().joined(separator: ".")
    guard KeyRegistry.isSection(section) else {
      let hint = Suggestion.nearest(to: parts[0], among: KeyRegistry.sections).map {
        "; did you mean '\($0)'?"
      }
      report(
        "unknown" + (hint ?? ""), remedy: "sections: " + KeyRegistry.sections.joined(separator: ", "),
        key: path,
        at: place)
      return
    }
    let names = KeyRegistry.names(in: section)
    let hint = Suggestion.nearest(to: parts.last ?? "", among: names).map {
      section.isEmpty ? $0 : "\(section).\($0)"
    }
    let elsewhere =
      KeyRegistry.keys.first { $0.name == parts.last && $0.name != "name" }?.path
      ?? Suggestion.synonyms[parts.last ?? ""]
    let level = section.isEmpty ? "at the top" : "in \(section)"
    report(
      "unknown" + ((hint ?? elsewhere).map { "; did you mean '\($0)'?" } ?? ""),
      remedy: "keys \(level): " + names.joined(separator: ", "), key: path, at: place)
  }
}
