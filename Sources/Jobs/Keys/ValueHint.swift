// What a value that does not fit was meant to be.

import Datasets
import Schema

extension ValueReader {
  /// Words before the remedy, and behind it.
  typealias Hint = (before: String, behind: String)

  /// What the text of a refused value may stand for; nothing that would itself be refused.
  func hint(for node: JobNode) -> Hint? {
    if case .list(let elements) = node.content { return list(elements) }
    guard let text = node.text, !text.isEmpty, text.utf8.count < 200 else { return nil }
    if case .scalar(_, quoted: true) = node.content, isNumeric, !kind.isList { return nil }
    return word(text) ?? number(text) ?? severalValues(text, at: node.place)
  }

  // MARK: - Words

  private func word(_ text: String) -> Hint? {
    let words = kind.words
    switch Synonyms.value(text, of: path, words: words) {
    case .value(let value, let remark):
      return ("did you mean '\(value)'\(remark.map { " (\($0))" } ?? "")? ", "")
    case .absent: return ("", "")
    case nil: return Suggestion.slip(of: text, among: words).map { ("did you mean '\($0)'? ", "") }
    }
  }

  // MARK: - Numbers

  private func number(_ text: String) -> Hint? {
    switch kind {
    case .integer, .powerOfTwo, .real:
      guard let number = NumberForm.reading(text), let plain = accepted(number), plain != text else {
        return nil
      }
      return ("", ", here \(plain)")
    case .integers, .reals: return list(text).map { ("", ", here \($0)") }
    case .flag, .text, .path, .choice, .interval: return nil
    }
  }

  /// The number as this key takes it; nil where it does not.
  private func accepted(_ number: Double) -> String? {
    let text = Self.plain(number)
    return accepts(text) ? text : nil
  }

  /// The elements of a list as it takes them.
  private func list(_ elements: [JobNode]) -> Hint? {
    let texts = elements.compactMap { node in
      node.text.flatMap { accepts($0) ? $0 : NumberForm.reading($0).map(Self.plain) }
    }
    guard kind.isList, texts.count == elements.count, texts.allSatisfy({ accepts($0) }) else { return nil }
    return ("", ", here [\(texts.joined(separator: ", "))]")
  }

  private static func plain(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? number.compact
  }

  /// The numbers of "(10, 10)", "10 10", "10x10" or "10" as a list.
  private func list(_ text: String) -> String? {
    let separators = " ,;x()[]{}\t\u{D7}"
    let parts = text.split { separators.contains($0) }.map { NumberForm.reading(String($0)) }
    let numbers = parts.compactMap(\.self).map(Self.plain)
    guard !parts.isEmpty, numbers.count == parts.count else { return nil }
    let list = "[" + numbers.joined(separator: ", ") + "]"
    return numbers.allSatisfy({ accepts($0) }) ? list : nil
  }

  // MARK: - Several values

  /// A comma between values, or a call such as `choice(a, b)`: habits of Hydra and its kin.
  private func severalValues(_ text: String, at place: Place) -> Hint? {
    guard let axis = ForeignAxis.of(text, whole: kind.isWhole), acceptsAxis(axis) else { return nil }
    if case .override = place { return ("", "; for several values --set '\(path)=\(axis)'") }
    return ("", "; for several values \(axis) under 'grid'")
  }

  private func accepts(_ text: String) -> Bool {
    let element: KeyKind =
      switch kind {
      case .integers(let range): .integer(range)
      case .reals(let interval, _): .real(interval)
      default: kind
      }
    let node = JobNode(content: .scalar(text, quoted: false), place: .whole)
    return (try? ValueReader(path: path, kind: element).read(node)) != nil
  }

  private func acceptsAxis(_ axis: String) -> Bool {
    var log = ProblemLog(file: "")
    guard let node = JobNode.parse(value: axis, override: "", log: &log) else { return false }
    var expansion = GridExpansion(log: log)
    return !expansion.points(of: node, at: path).isEmpty && expansion.log.problems.isEmpty
  }
}

/// Axes as other programs write them, in the form of a grid.
enum ForeignAxis {
  /// The axis that a text stands for, such as `[0.1, 0.2]` for `choice(0.1,0.2)`; nil where it is none.
  static func of(_ text: String, whole: Bool) -> String? {
    guard let open = text.firstIndex(of: "("), text.hasSuffix(")") else {
      let values = arguments(text[...])
      return values.count > 1 && !text.contains("(") ? list(values) : nil
    }
    let name = Suggestion.plain(String(text[..<open]))
    let values = arguments(text[text.index(after: open)...].dropLast())
    switch name {
    case "range", "arange": return range(values)
    case "choice", "choices", "shuffle", "gridsearch", "categorical", "values", "": return list(values)
    case "linspace": return spaced("linspace", values)
    case "logspace":
      let ends = values.prefix(2).map { NumberForm.reading("10^\($0)")?.compact ?? $0 }
      return spaced("logspace", ends + values.dropFirst(2))
    case "geomspace", "loguniform", "reciprocal": return spaced("logspace", values)
    case "uniform", "interval", "quniform": return whole ? nil : spaced("linspace", values)
    case "randint", "intuniform", "int": return range(values)
    default: return nil
    }
  }

  private static func arguments(_ text: Substring) -> [String] {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      String(part.filter { !" []".contains($0) })
    }
    return parts.contains("") ? [] : parts
  }

  static func list(_ values: [String]) -> String? {
    values.isEmpty ? nil : "[" + values.joined(separator: ", ") + "]"
  }

  /// Others leave the end out; here both ends belong.
  private static func range(_ values: [String]) -> String? {
    let numbers = values.compactMap { Int($0) }
    guard numbers.count == values.count, (1...3).contains(numbers.count) else { return nil }
    let start = numbers.count == 1 ? 0 : numbers[0]
    let step = numbers.count == 3 ? numbers[2] : 1
    let stop = numbers.count == 1 ? numbers[0] : numbers[1]
    guard step > 0, stop > start,
      let last = Array(stride(from: start, to: min(stop, start + step * 100_000), by: step)).last
    else { return nil }
    return "{range: [\(start), \(last)]" + (step == 1 ? "}" : ", step: \(step)}")
  }

  static func spaced(_ form: String, _ values: [String]) -> String? {
    guard (2...3).contains(values.count) else { return nil }
    return "{\(form): [\(values[0]), \(values[1])], count: \(values.count == 3 ? values[2] : "5")}"
  }
}
