/// A range of real numbers with open or closed ends.
package struct Interval: Hashable, Sendable {
  package var lower: Double
  package var upper: Double
  package var includesLower: Bool
  package var includesUpper: Bool

  /// All numbers between two ends, which belong to it only where that is said.
  package init(
    lower: Double = -.infinity, upper: Double = .infinity, includesLower: Bool = false,
    includesUpper: Bool = false
  ) {
    (self.lower, self.upper) = (lower, upper)
    (self.includesLower, self.includesUpper) = (includesLower, includesUpper)
  }

  package static let positive = Interval(lower: 0)
  package static let nonNegative = Interval(lower: 0, includesLower: true)
  /// [0, 1): decay rates of averages.
  package static let decay = Interval(lower: 0, upper: 1, includesLower: true)
  /// (0, 1]: fractions.
  package static let fraction = Interval(lower: 0, upper: 1, includesUpper: true)
  /// [0, 1].
  package static let unit = Interval(lower: 0, upper: 1, includesLower: true, includesUpper: true)

  package func contains(_ value: Double) -> Bool {
    (includesLower ? value >= lower : value > lower) && (includesUpper ? value <= upper : value < upper)
  }
}

/// The kind and range of a key's value.
package enum KeyKind: Hashable, Sendable {
  case flag
  /// Any text that is not empty.
  case text
  /// A file or directory; perhaps a word that stands for none.
  case path(unset: String? = nil)
  case choice([String])
  /// A whole number, or one of some words.
  case integer(ClosedRange<Int>, or: [String] = [])
  /// So many steps, written as `{every: n}`, or one of some words.
  case interval(or: [String])
  /// A power of two, or one of some words.
  case powerOfTwo(or: [String])
  case real(Interval, or: [String] = [])
  /// A list of whole numbers.
  case integers(ClosedRange<Int>)
  /// A list of real numbers, or one of some words.
  case reals(Interval, or: [String] = [])

  /// One of the words of a type.
  package static func choice<Choice: CaseIterable & RawRepresentable<String>>(of _: Choice.Type) -> KeyKind {
    .choice(Choice.allCases.map(\.rawValue))
  }

  /// The words that it takes: choices, or what stands in the place of a number.
  package var words: [String] {
    switch self {
    case .flag: ["true", "false"]
    case .choice(let names): names
    case .integer(_, let words), .interval(let words), .powerOfTwo(let words), .real(_, let words),
      .reals(_, let words):
      words
    case .text, .path, .integers: []
    }
  }

  /// The word that stands for no value, where there is one.
  var absence: KeyValue? {
    if case .path(let word) = self { return word.map(KeyValue.text) }
    return self == .flag ? nil : words.first.map(KeyValue.text)
  }

  /// True for whole numbers.
  package var isWhole: Bool {
    switch self {
    case .integer, .powerOfTwo, .integers: true
    default: false
    }
  }

  /// True for keys whose single value is written as a list.
  package var isList: Bool {
    switch self {
    case .integers, .reals: true
    default: false
    }
  }

  /// Whether a value is of this kind and in its range.
  package func contains(_ value: KeyValue) -> Bool {
    switch (self, value) {
    case (.flag, .flag), (.text, .text), (.path, .text): true
    case (_, .text(let word)): words.contains(word)
    case (.integer(let range, _), .integer(let integer)): range.contains(integer)
    case (.interval, .integer(let integer)): integer > 0
    case (.powerOfTwo, .integer(let integer)): integer > 0 && integer.nonzeroBitCount == 1
    case (.real(let interval, _), .real(let real)): interval.contains(real)
    case (.integers(let range), .integers(let integers)): integers.allSatisfy(range.contains)
    case (.reals(let interval, _), .reals(let reals)): reals.allSatisfy(interval.contains)
    default: false
    }
  }
}
