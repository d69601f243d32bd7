// "Did you mean ...?": by meaning first, then by spelling.

enum Suggestion {
  /// A word without what spellings differ in: letters and digits in lower case, without the name of a module before it.
  static func plain(_ word: String) -> String {
    let last = word.split(separator: ".").last.map(String.init) ?? word
    return last.lowercased().filter { $0.isLetter || $0.isNumber }
  }

  /// The value that a word is a slip of, if it can hardly be another word: names that differ by a letter or a digit are
  /// often names of different things (`selu` and `elu`, `cifar100` and `cifar10`).
  static func slip(of word: String, among names: [String]) -> String? {
    let word = plain(word)
    if let same = names.first(where: { plain($0) == word }) { return same }
    let near = names.filter { name in
      let name = plain(name)
      guard name.filter(\.isNumber) == word.filter(\.isNumber) else { return false }
      let edits = distance(word, name)
      if word.count > 5 { return edits <= (word.count > 8 ? 2 : 1) }
      return edits == 1 && word.sorted() == name.sorted()
    }
    return near.count == 1 ? near[0] : nil
  }

  /// The candidate with the fewest edits, if it is near enough to be a likely slip; ties go to the first.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    if let same = candidates.first(where: { plain($0) == plain(word) }) { return same }
    let alike = candidates.filter { $0.filter(\.isNumber) == word.filter(\.isNumber) }
    let limit = max(1, word.count / 3)
    let rated = alike.map { (name: $0, edits: distance(word.lowercased(), $0.lowercased())) }
    guard let best = rated.min(by: { $0.edits < $1.edits }), best.edits <= limit else { return nil }
    // Of three letters one alone says too little.
    if word.count < 4, word.count == best.name.count, word.sorted() != best.name.sorted() { return nil }
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
