// Writes the parts of the documents that say what the program says already: its keys and its variables.
//
//     swift run generate-documents            writes them
//     swift run generate-documents --check    fails where one is out of date, and changes nothing

import Foundation
import Jobs
import Schema
import Shards

/// The lines between `<!-- generated: name -->` and `<!-- end -->` in a document.
struct Part {
  let document: String
  let name: String
  let lines: [String]

  /// The text of the document with these lines; nil where it has no such part.
  func placed(in text: String) -> String? {
    guard let start = text.range(of: "<!-- generated: \(name) -->\n"),
      let end = text.range(of: "<!-- end -->", range: start.upperBound..<text.endIndex)
    else { return nil }
    return text.replacingCharacters(
      in: start.upperBound..<end.lowerBound, with: "\n" + lines.joined(separator: "\n") + "\n\n")
  }
}

extension Key {
  /// The key in a list, such as "- `stop.steps` (a whole number from 0; default `1000`): Steps after which ...".
  var line: String {
    var values: [KeyValue?] = []
    for standard in defaults where !values.contains(standard.value) { values.append(standard.value) }
    let words = values.map { value in
      let names = defaults.filter { $0.value == value }.compactMap(\.variant)
      return (value.map { "default `\($0.text)`" } ?? "required")
        + (names.isEmpty ? "" : " for " + KeyKind.join(names, "and"))
    }
    return "- `\(path)` (\(kind.summary); \(words.joined(separator: ", "))): \(about)"
  }
}

extension Variable {
  /// The row of the variable in a table.
  var row: String {
    let type =
      switch kind {
      case .real: "float64"
      case .integer: "int64"
      case .count: "int64 count"
      case .text: "string"
      case .word: "word"
      case .flag: "int8 flag"
      case .weights: "float32 or float64"
      }
    let dimensions = axes.map(\.rawValue).joined(separator: ", ")
    let marks = (isBookkeeping ? " *" : "") + (isOptional ? " †" : "")
    return "| `\(name)` | \(dimensions) | \(type) | \(longName)\(marks) |"
  }
}

let parts = [
  Part(document: "jobs/README.md", name: "keys", lines: KeyRegistry.keys.map(\.line)),
  Part(
    document: "docs/file-format.md", name: "variables",
    lines: ["| variable | dimensions | type | what it is |", "|---|---|---|---|"]
      + VariableTable.all.map(\.row)),
]
let isCheck = CommandLine.arguments.dropFirst() == ["--check"]
var failures = 0
for part in parts {
  let text = try String(contentsOfFile: part.document, encoding: .utf8)
  guard let wanted = part.placed(in: text) else {
    print(
      "\(part.document) has no part '<!-- generated: \(part.name) -->' ... '<!-- end -->'; write the marks")
    failures += 1
    continue
  }
  if wanted == text { continue }
  if isCheck {
    print("\(part.document) is out of date; run 'swift run generate-documents', and commit what it writes")
    failures += 1
  } else {
    try wanted.write(toFile: part.document, atomically: true, encoding: .utf8)
    print("\(part.document): \(part.name) written")
  }
}
exit(failures == 0 ? 0 : 1)
