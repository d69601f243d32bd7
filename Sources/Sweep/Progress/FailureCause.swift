/// Runs that failed, or were halted, with the same words.
public struct FailureCause: Sendable, Equatable {
  /// The first line of the error.
  public let message: String
  /// What became of the runs.
  private let status: String
  /// The ids of the runs.
  public private(set) var runs: [String]

  /// Puts failures together whose errors begin with the same line, in the order of the first of each.
  public static func grouped(
    _ failures: [(id: String, message: String)], status: String = "failed"
  ) -> [FailureCause] {
    var (causes, places): ([FailureCause], [String: Int]) = ([], [:])
    for failure in failures {
      let line = failure.message.split(separator: "\n").first.map(String.init) ?? failure.message
      // Errors that name their run differ in nothing else.
      let key = line.replacing(failure.id, with: "")
      if let place = places[key] {
        causes[place].runs.append(failure.id)
      } else {
        places[key] = causes.count
        causes.append(FailureCause(message: line, status: status, runs: [failure.id]))
      }
    }
    return causes
  }

  /// One line: the first of the runs, how many there are, and what went wrong.
  public var text: String {
    let more = runs.count - 1
    return "\(status): \(runs[0])\(more > 0 ? " and \(more) more" : ""): \(message)"
  }
}
