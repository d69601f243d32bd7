import Foundation
import Schema
import TestSupport

@testable import Shards
@testable import Training

/// A folder for the states of runs, and the provenance of those who compute them.
struct RunFolder {
  let files: RunFiles
  let provenance = Provenance(version: "test", blasLibrary: "none", blasCore: "none")
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    files = RunFiles(checkpoints: folder("checkpoints"), states: folder("states"))
    for path in [files.checkpoints, files.states] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
  }
}

extension RunRecord {
  /// Names of the variables by whose bits two records differ, beside how they were computed.
  func differences(from other: RunRecord) -> [String] {
    VariableTable.all.filter { !$0.isBookkeeping && $0 != .checksum }
      .filter { column($0).bits != other.column($0).bits }.map(\.name)
  }
}

extension Column {
  fileprivate var bits: [String] {
    switch self {
    case .reals(let values): values.map { $0.isNaN ? "nan" : String($0.bitPattern) }
    case .integers(let values): values.map(String.init)
    case .flags(let values): values.map(String.init)
    case .texts(let values): values
    }
  }
}
