package import Jobs
import Problems

/// A small valid job, and variations of it.
package enum JobText {
  package static let lines = [
    "name: test", "data: {name: chebyshev}", "model: {name: mlp, hidden: [10]}", "optimizer: {name: gd}",
    "learning_rate: 0.1", "batch_size: full", "stop: {steps: 10}",
  ]

  /// The job with some lines in the place of those that begin with the same key, or at the end.
  package static func with(_ changes: String...) -> String {
    var result = lines
    for change in changes {
      let key = change.prefix { $0 != ":" } + ":"
      if let index = result.firstIndex(where: { $0.hasPrefix(key) }) {
        result[index] = change
      } else {
        result.append(change)
      }
    }
    return result.joined(separator: "\n") + "\n"
  }

  /// The plan of a text.
  package static func plan(_ yaml: String, overrides: [String] = []) throws -> SweepPlan {
    try JobFile.plan(yaml: yaml, file: "job.yaml", overrides: overrides)
  }

  /// The problems of a text; empty where there are none.
  package static func problems(_ yaml: String, overrides: [String] = []) -> [String] {
    do {
      _ = try JobFile.plan(yaml: yaml, file: "job.yaml", overrides: overrides)
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }
}
