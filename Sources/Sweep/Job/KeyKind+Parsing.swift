// From the text of a value to the value, with a sentence and a remedy for everything that does not fit.

/// Why a value does not fit its key.
struct ValueProblem: Error, Hashable {
  var sentence: String
  var remedy: String
}

extension KeyKind {
  /// The value of a node; ranges and words are checked.
  func parse(_ node: JobNode) throws(ValueProblem) -> KeyValue {
    switch self {
    case .integers(let range):
      .integers(try elements(of: node) { text throws(ValueProblem) in try Self.integer(text, in: range) })
    case .reals(let interval, let words):
      if let text = node.text, words.contains(text) {
        .text(text)
      } else {
        .reals(try elements(of: node) { text throws(ValueProblem) in try Self.real(text, in: interval) })
      }
    default:
      try parse(scalar: scalar(node))
    }
  }

  private func parse(scalar text: String) throws(ValueProblem) -> KeyValue {
    switch self {
    case .flag: .flag(try Self.flag(text))
    case .text: .text(text)
    case .choice(let names): .text(try Self.choice(text, of: names))
    case .integer(let range, let words):
      words.contains(text) ? .text(text) : .integer(try Self.integer(text, in: range, or: words))
    case .powerOfTwo(let words):
      words.contains(text) ? .text(text) : .integer(try Self.powerOfTwo(text, or: words))
    case .real(let interval, let words):
      words.contains(text) ? .text(text) : .real(try Self.real(text, in: interval, or: words))
    case .integers, .reals: preconditionFailure("Lists are parsed element by element.")
    }
  }

  private func scalar(_ node: JobNode) throws(ValueProblem) -> String {
    guard case .scalar(let text, let quoted) = node.content else {
      throw ValueProblem(
        sentence: "\(node.kindName) where \(summary) belongs", remedy: "write a single value")
    }
    if text.isEmpty || (!quoted && ["~", "null", "Null", "NULL"].contains(text)) {
      throw ValueProblem(sentence: "it has no value", remedy: "write \(summary), or remove the key")
    }
    if quoted && isNumeric {
      throw ValueProblem(sentence: "'\(text)' is quoted, so it is text", remedy: "write it without quotes")
    }
    return text
  }

  private var isNumeric: Bool {
    switch self {
    case .text, .choice: false
    default: true
    }
  }

  private func elements<Element>(
    of node: JobNode, _ parse: (String) throws(ValueProblem) -> Element
  ) throws(ValueProblem) -> [Element] {
    guard case .list(let nodes) = node.content else {
      throw ValueProblem(
        sentence: "\(node.kindName) where \(summary) belongs",
        remedy: "write a list, such as [\(node.text.flatMap { $0.isEmpty ? nil : $0 } ?? "1")]")
    }
    var result: [Element] = []
    for node in nodes {
      guard case .scalar(let text, quoted: false) = node.content else {
        throw ValueProblem(sentence: "\(node.kindName) where a number belongs", remedy: "write plain numbers")
      }
      result.append(try parse(text))
    }
    return result
  }
}

// MARK: - Single values

extension KeyKind {
  private static func flag(_ text: String) throws(ValueProblem) -> Bool {
    switch text {
    case "true": return true
    case "false": return false
    default:
      throw ValueProblem(sentence: "'\(text)' is neither true nor false", remedy: "write true or false")
    }
  }

  private static func choice(_ text: String, of names: [String]) throws(ValueProblem) -> String {
    if names.contains(text) { return text }
    let hint = Suggestion.nearest(to: text, among: names).map { "did you mean '\($0)'? " } ?? ""
    throw ValueProblem(
      sentence: "'\(text)' is unknown", remedy: hint + "known: " + names.joined(separator: ", "))
  }

  private static func powerOfTwo(_ text: String, or words: [String]) throws(ValueProblem) -> Int {
    let value = try integer(text, in: 1...Int.max, or: words)
    if value.nonzeroBitCount == 1 { return value }
    throw ValueProblem(sentence: "\(value) is not a power of two", remedy: "write 1, 2, 4, 8 ...")
  }

  static func integer(
    _ text: String, in range: ClosedRange<Int>, or words: [String] = []
  ) throws(ValueProblem) -> Int {
    let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
    let isWhole = !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard isWhole else {
      throw ValueProblem(
        sentence: "'\(text)' is not a whole number",
        remedy: "write \(KeyKind.integer(range, or: words).summary)\(wholeNumberHint(text))")
    }
    guard let value = Int(text) else {
      throw ValueProblem(
        sentence: "\(text) does not fit in 64 bits", remedy: "write at most \(min(range.upperBound, Int.max))"
      )
    }
    guard range.contains(value) else {
      throw ValueProblem(
        sentence: "\(value) is out of range", remedy: "write \(KeyKind.integer(range, or: words).summary)")
    }
    return value
  }

  private static func wholeNumberHint(_ text: String) -> String {
    guard let value = Double(text), let whole = Int(exactly: value) else { return "" }
    return ", here \(whole)"
  }

  static func real(
    _ text: String, in interval: Interval, or words: [String] = []
  ) throws(ValueProblem) -> Double {
    let remedy = "write \(KeyKind.real(interval, or: words).summary)"
    let bare = text.lowercased().drop { "+-.".contains($0) }
    if ["inf", "infinity", "nan"].contains(bare) {
      throw ValueProblem(sentence: "'\(text)' is not a finite number", remedy: remedy)
    }
    guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let value = Double(text) else {
      throw ValueProblem(sentence: "'\(text)' is not a number", remedy: remedy)
    }
    try checkPrecision(of: text, value: value)
    guard interval.contains(value) else {
      throw ValueProblem(sentence: "\(text) is out of range", remedy: remedy)
    }
    return value
  }

  /// A number that would be changed by storing it as a `Double` is refused, because the run would not be the
  /// one that was asked for: 17 significant digits distinguish all doubles.
  private static func checkPrecision(of text: String, value: Double) throws(ValueProblem) {
    let mantissa = text.prefix { $0 != "e" && $0 != "E" }.filter(\.isNumber).drop { $0 == "0" }
    let digits = String(mantissa.reversed().drop { $0 == "0" }).count
    if !value.isFinite || (value == 0 && digits > 0) {
      throw ValueProblem(
        sentence: "\(text) is too \(value == 0 ? "small" : "large") for a double-precision number",
        remedy: "write a number between 1e-300 and 1e300")
    }
    if digits > 17 {
      throw ValueProblem(
        sentence: "\(text) has more digits than a double-precision number keeps", remedy: "write \(value)")
    }
  }
}
