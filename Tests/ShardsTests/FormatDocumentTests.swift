import Foundation
import Testing

@testable import Shards

/// docs/file-format.md and the program tell the same.
@Suite struct FormatDocumentTests {
  let lines: [String]

  init() throws {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: root.appendingPathComponent("docs/file-format.md"), encoding: .utf8)
    lines = text.components(separatedBy: "\n")
  }

  @Test func theTableOfVariablesIsTheProgramsOwn() {
    let start = lines.firstIndex { $0.hasPrefix("| variable |") } ?? lines.endIndex
    let rows = lines[start...].dropFirst(2).prefix { $0.hasPrefix("|") }
    #expect(Array(rows) == VariableTable.all.map(\.row))
  }

  @Test func everyStatusIsExplained() {
    for status in RunStatus.allCases {
      #expect(lines.contains { $0.hasPrefix("| `\(status.name)` |") })
    }
  }

  @Test func everyAttributeIsExplained() {
    let header = FileHeader(provenance: Provenance(version: ""), sweepYAML: "")
    let rows = lines.drop { $0 != "## Attributes" }.prefix { $0 != "## Storage" }.filter { $0.hasPrefix("|") }
    for name in header.texts.map(\.name) + [FileHeader.sealedBytes] {
      #expect(rows.contains { $0.contains("`\(name)`") }, "\(name)")
    }
  }

  @Test func theVersionIsTheProgramsOwn() {
    #expect(lines.contains { $0.hasPrefix("| `format_version` | \(FileHeader.version);") })
  }
}

extension Variable {
  /// The variable's line in the table of the document.
  fileprivate var row: String {
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
