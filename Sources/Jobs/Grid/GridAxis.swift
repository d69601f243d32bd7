public import Schema

/// A key that the runs of a sweep have with several values.
public struct GridAxis: Sendable {
  /// The dotted key.
  public let path: String
  /// Its values, each once, in the order of the runs.
  public let values: [KeyValue]

  /// So many values are listed one by one.
  private static let few = 8

  /// The key and its values: all where they are few, else how many there are and between which.
  public var summary: String {
    guard values.count > Self.few else { return "\(path): \(values.map(\.text).joined(separator: ", "))" }
    let sorted = values.allSatisfy(\.isNumber) ? values.sorted { $0.number < $1.number } : values
    return "\(path): \(values.count) values, \(sorted[0].text) to \(sorted[sorted.count - 1].text)"
  }
}

extension SweepPlan {
  /// The keys of the grid that runs have with several values, in the order in which they are written.
  public var axes: [GridAxis] {
    var paths: [String] = []
    var values: [String: [KeyValue]] = [:]
    var seen: [String: Set<KeyValue>] = [:]
    for assignment in runs.lazy.flatMap(\.point) {
      let value = assignment.setting.value
      guard seen[assignment.path, default: []].insert(value).inserted else { continue }
      if values[assignment.path] == nil { paths.append(assignment.path) }
      values[assignment.path, default: []].append(value)
    }
    return paths.map { GridAxis(path: $0, values: values[$0] ?? []) }.filter { $0.values.count > 1 }
  }
}

extension KeyValue {
  fileprivate var isNumber: Bool { number.isFinite }

  /// The number that it is; NaN where it is none.
  fileprivate var number: Double {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    default: .nan
    }
  }
}
