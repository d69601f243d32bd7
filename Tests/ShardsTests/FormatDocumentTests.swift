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
