// What is wrong where the YAML library gives up: it names the rule that was broken, seldom the character that broke it.

internal import Problems
import Schema

/// A fault of syntax, with the line in which it is most likely to be found.
struct YAMLFault {
  let sentence: String
  let remedy: String
  /// Counted from 1, as an editor does.
  let line: Int

  /// Looks at the lines that the library was reading: from the beginning of what it could not finish to where it stopped.
  init(_ problem: String, from first: Int, to last: Int, _ lines: TextLines) {
    if let odd = (min(first, last)...last).first(where: { !Self.oddCharacters(lines[$0]).isEmpty }) {
      let names = Self.oddCharacters(lines[odd]).charactersOutsideASCII.joined(separator: ", ")
      sentence = "not valid YAML: \(problem); the line holds \(names)"
      remedy = "write plain spaces, quotes and signs in its place"
      line = odd
      return
    }
    sentence = "not valid YAML: \(problem)" + (first < last ? " (begun in line \(first))" : "")
    // A key without its colon is noticed only where the next one begins.
    line = problem.contains("expected ':'") ? first : last
    if problem.contains("alias") {
      remedy = "write the value out"
    } else if problem.contains("another document") {
      remedy = "keep one document in a file, without '---' lines"
    } else if problem.contains("escape") {
      remedy = "write text with '\\' in single quotes"
    } else if lines[1].hasPrefix("%") && problem.contains("document start") {
      remedy = "write a line '---' behind those that begin with '%'"
    } else if [last - 1, last].contains(where: { lines[$0].contains("\t") }) {
      remedy = "indent with spaces: YAML allows no tabs"
    } else if [first, last].contains(where: { lines[$0].contains("=") && !lines[$0].contains(":") }) {
      remedy = "write 'key: value', with a colon"
    } else {
      remedy = "check quotes, brackets and indentation near this line"
    }
  }

  /// The spaces, signs and invisible characters of a line that are not ASCII.
  private static func oddCharacters(_ line: String) -> String {
    var odd = String.UnicodeScalarView()
    odd.append(contentsOf: line.unicodeScalars.filter { !$0.isASCII && !$0.properties.isAlphabetic })
    return String(odd)
  }
}

extension JobNode {
  /// Reports maps such as `{steps: 1,000}` and `{hidden: (10,10)}`, in which a comma cuts a value in two.
  static func reportSplitValues(_ entries: [Entry], log: inout ProblemLog) {
    for (entry, next) in zip(entries, entries.dropFirst()) where next.value.isNothing {
      guard let start = entry.value.text else { continue }
      let whole = "\(start),\(next.key)"
      let isTuple = start.hasPrefix("(")
      guard isTuple || NumberForm.reading(whole) != nil else { continue }
      let form = isTuple ? "a list in square brackets" : NumberForm.reading(whole)?.compact ?? ""
      log.report(
        "'\(whole)' is cut in two, because a comma separates the entries of a map", remedy: "write \(form)",
        key: entry.key, at: entry.place)
    }
  }

  private var isNothing: Bool {
    if case .scalar("", quoted: false) = content { true } else { false }
  }
}
