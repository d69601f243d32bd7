// Kinds and ranges in words, for messages and for jobs/README.md.

extension KeyKind {
  /// What to write, such as "a whole number from 1" or "a number greater than 0 or none".
  package var summary: String {
    switch self {
    case .flag: "true or false"
    case .text: "a text"
    case .path: "a path"
    case .choice(let names): Self.join(names)
    case .integer(let range, let words): Self.join(["a whole number" + Self.range(range)] + words)
    case .interval(let words): Self.join(words + ["{every: n}"])
    case .powerOfTwo(let words): Self.join(["a power of two"] + words)
    case .real(let interval, let words): Self.join(["a number" + interval.summary] + words)
    case .integers(let range): "a list of whole numbers" + Self.range(range)
    case .reals(let interval, let words): Self.join(["a list of numbers" + interval.summary] + words)
    }
  }

  /// Words as a sentence lists them.
  package static func join(_ words: [String], _ conjunction: String = "or") -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " \(conjunction) " + last
  }

  private static func range(_ range: ClosedRange<Int>) -> String {
    switch (range.lowerBound, range.upperBound) {
    case (Int.min, Int.max): ""
    case (let lower, Int.max): " from \(lower)"
    case (let lower, let upper): " from \(lower) to \(upper)"
    }
  }
}

extension Interval {
  /// The range in words, with a leading space; empty where there is no limit.
  var summary: String {
    let low = lower.isFinite ? (includesLower ? "at least " : "greater than ") + lower.compact : nil
    let high = upper.isFinite ? (includesUpper ? "at most " : "less than ") + upper.compact : nil
    let parts = [low, high].compactMap(\.self)
    return parts.isEmpty ? "" : " " + parts.joined(separator: " and ")
  }
}
