// From the text of a value to the value, with a sentence and a remedy for everything that does not fit.

import Datasets
import Files
import Problems
import Schema

extension Key {
  /// The value of a node; ranges and words are checked.
  func value(of node: JobNode) throws(Problem) -> KeyValue {
    try ValueReader(path: path, kind: kind).value(of: node)
  }
}

/// Reads the value of one key.
struct ValueReader {
  /// The dotted key, for messages.
  let path: String
  let kind: KeyKind

  /// The value of a node; ranges and words are checked, and the remedy says what may have been meant.
  func value(of node: JobNode) throws(Problem) -> KeyValue {
    do { return try read(node) } catch {
      guard let hint = hint(for: node) else { throw error }
      throw problem(error.sentence, hint.before + error.remedy + hint.behind)
    }
  }

  /// The value of a node, or why it does not fit.
  func read(_ node: JobNode) throws(Problem) -> KeyValue {
    switch kind {
    case .integers(let range):
      .integers(try elements(of: node) { text throws(Problem) in try integer(text, in: range) })
    case .reals(let interval, let words):
      if let text = node.text, words.contains(text) {
        .text(text)
      } else {
        .reals(try elements(of: node) { text throws(Problem) in try real(text, in: interval) })
      }
    case .interval where node.entries != nil: .integer(try interval(node))
    default:
      try read(scalar(node))
    }
  }

  /// The number of `{every: n}`.
  private func interval(_ node: JobNode) throws(Problem) -> Int {
    guard let every = node["every"], node.entries?.count == 1 else {
      throw problem("a map that says something else than 'every'", "write \(kind.summary)")
    }
    guard case .integer(let steps) = try ValueReader(path: path, kind: .integer(1...Int.max)).value(of: every)
    else { preconditionFailure("A whole number is read as one.") }
    return steps
  }

  private func read(_ text: String) throws(Problem) -> KeyValue {
    switch kind {
    case .flag: .flag(try flag(text))
    case .text: .text(text)
    case .path: .text(try checkedPath(text))
    case .choice(let names): .text(try choice(text, of: names))
    case .integer(let range, let words):
      words.contains(text) ? .text(text) : .integer(try integer(text, in: range, or: words))
    case .interval(let words):
      // Stored configurations hold the number alone.
      words.contains(text) ? .text(text) : .integer(try interval(text, or: words))
    case .powerOfTwo(let words):
      words.contains(text) ? .text(text) : .integer(try powerOfTwo(text, or: words))
    case .real(let interval, let words):
      words.contains(text) ? .text(text) : .real(try real(text, in: interval, or: words))
    case .integers, .reals: preconditionFailure("Lists are read element by element.")
    }
  }

  private func scalar(_ node: JobNode) throws(Problem) -> String {
    guard case .scalar(let text, let quoted) = node.content else {
      throw problem("\(node.kindName) where \(kind.summary) belongs", "write a single value")
    }
    if text.isEmpty || (!quoted && ["~", "null", "Null", "NULL"].contains(text)) {
      throw problem("it has no value", "write \(kind.summary), or remove the key")
    }
    if quoted && isNumeric && !kind.words.contains(text) {
      throw problem("'\(text)' is quoted, so it is text", "write it without quotes")
    }
    return text
  }

  var isNumeric: Bool {
    switch kind {
    case .text, .path, .choice, .interval: false
    default: true
    }
  }

  private func elements<Element>(
    of node: JobNode, _ read: (String) throws(Problem) -> Element
  ) throws(Problem) -> [Element] {
    guard case .list(let nodes) = node.content else {
      throw problem(
        "\(node.kindName) where \(kind.summary) belongs",
        "write a list, such as \(kind == .integers(1...1_000_000) ? "[100, 100]" : "[1, 2]")")
    }
    var result: [Element] = []
    for node in nodes {
      guard case .scalar(let text, quoted: false) = node.content else {
        throw problem("\(node.kindName) where a number belongs", "write plain numbers")
      }
      result.append(try read(text))
    }
    return result
  }

  private func problem(_ sentence: String, _ remedy: String) -> Problem {
    Problem(path, sentence, remedy: remedy)
  }
}

// MARK: - Single values

extension ValueReader {
  private func flag(_ text: String) throws(Problem) -> Bool {
    switch text {
    case "true", "True", "TRUE": return true
    case "false", "False", "FALSE": return false
    default: throw problem("'\(text)' is neither true nor false", "write true or false")
    }
  }

  private func choice(_ text: String, of names: [String]) throws(Problem) -> String {
    if names.contains(text) { return text }
    // Truth values as the core schema of YAML spells them.
    if ["True", "TRUE", "False", "FALSE"].contains(text), names.contains(text.lowercased()) {
      return text.lowercased()
    }
    throw problem("'\(text)' is unknown", "known: " + names.joined(separator: ", "))
  }

  private func interval(_ text: String, or words: [String]) throws(Problem) -> Int {
    if let value = Int(text), value > 0 { return value }
    return Int(try choice(text, of: words + ["{every: n}"])) ?? 0
  }

  private func checkedPath(_ text: String) throws(Problem) -> String {
    try UserPath.check(text, of: path)
    return text
  }

  private func powerOfTwo(_ text: String, or words: [String]) throws(Problem) -> Int {
    let value = try integer(text, in: 1...Int.max, or: words)
    if value.nonzeroBitCount == 1 { return value }
    throw problem("\(value) is not a power of two", "write 1, 2, 4, 8 ...")
  }

  private func integer(
    _ text: String, in range: ClosedRange<Int>, or words: [String] = []
  ) throws(Problem) -> Int {
    let remedy = "write \(KeyKind.integer(range, or: words).summary)"
    let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw problem("'\(text)' is not a whole number", remedy)
    }
    guard let value = Int(text) else {
      throw problem("\(text) does not fit in 64 bits", "write at most \(range.upperBound)")
    }
    guard range.contains(value) else { throw problem("\(value) is out of range", remedy) }
    return value
  }

  private func real(
    _ text: String, in interval: Interval, or words: [String] = []
  ) throws(Problem) -> Double {
    let remedy = "write \(KeyKind.real(interval, or: words).summary)"
    let bare = text.lowercased().drop { "+-.".contains($0) }
    if ["inf", "infinity", "nan"].contains(bare) {
      throw problem("'\(text)' is not a finite number", remedy)
    }
    guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let value = Double(text) else {
      throw problem("'\(text)' is not a number", remedy)
    }
    try checkPrecision(of: text, value: value)
    guard interval.contains(value) else { throw problem("\(text) is out of range", remedy) }
    return value
  }

  /// A number that would be changed by storing it as a `Double` is refused, because the run would not be the
  /// one that was asked for: 17 significant digits distinguish all doubles.
  private func checkPrecision(of text: String, value: Double) throws(Problem) {
    let mantissa = text.prefix { $0 != "e" && $0 != "E" }.filter(\.isNumber).drop { $0 == "0" }
    let digits = String(mantissa.reversed().drop { $0 == "0" }).count
    if !value.isFinite || (value == 0 && digits > 0) {
      throw problem(
        "\(text) is too \(value == 0 ? "small" : "large") for a double-precision number",
        "write a number between 1e-300 and 1e300")
    }
    if digits > 17 {
      throw problem("\(text) has more digits than a double-precision number keeps", "write \(value)")
    }
  }
}
