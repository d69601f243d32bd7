import Foundation
import JobFixtures
import LinearAlgebra
import Schema
import Testing
import TestSupport

@testable import Jobs
@testable import Shards
@testable import Training

/// docs/quantities.md and the program tell the same: every key exists, every variable is filled and explained.
@Suite struct QuantityDocumentTests {
  /// Keys and variables of the table's rows.
  private let rows: [(keys: [String], variables: [String])]

  init() throws {
    let text = try String(contentsOf: repository.appending(path: "docs/quantities.md"), encoding: .utf8)
    rows = text.split(separator: "\n").filter { $0.hasPrefix("| [") }.map { line in
      let cells = line.split(separator: "|").map(Self.names)
      return (cells[1], cells[2])
    }
  }

  /// What stands between backticks, without the value of a key.
  private static func names(_ cell: Substring) -> [String] {
    cell.matches(of: /`(\w+)(: \w)?`/).map { String($0.1) }
  }

  /// A run that asks for everything.
  private func everything() throws -> (record: RunRecord, quantities: Set<String>) {
    let values = rows.flatMap(\.keys).map { name in
      let isFlag = KeyRegistry.key("measure.\(name)")?.kind == .flag
      return "measure.\(name)=\(isFlag ? "true" : "2")"
    }
    let yaml = JobText.with("optimizer: {name: adam}", "learning_rate: 0.001", "batch_size: 5")
    let run = try JobText.plan(yaml, overrides: values + ["measure.every=3"]).runs[0]
    let plain = try JobText.plan(yaml, overrides: ["measure.every=3"]).runs[0]
    let (record, without) = (try Trained(run).record, try Trained(plain).record)
    let counts = Set(RecordExtents.variables.map(\.variable.name))
    return (record, record.optionalVariables.subtracting(without.optionalVariables).subtracting(counts))
  }

  @Test func everyKeyExists() {
    #expect(rows.count > 5)
    for name in rows.flatMap(\.keys) { #expect(KeyRegistry.key("measure.\(name)") != nil, "\(name)") }
  }

  @Test func everyVariableIsFilledByARunThatAsksForAll() throws {
    let (record, quantities) = try everything()
    #expect(Set(rows.flatMap(\.variables)) == quantities)
    #expect(quantities.isSubset(of: record.optionalVariables))
  }
}
