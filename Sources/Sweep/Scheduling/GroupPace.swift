/// How fast a group goes, by its reports.
struct GroupPace: Sendable {
  /// A report: when it came, and the fraction of the work that was left.
  private typealias Report = (time: Double, left: Double)

  private var first: Report?
  private var last: Report?
  /// When there is next enough to learn from it.
  private var lesson = Self.representative

  /// Seconds over which a pace has to be seen.
  private static let representative = 1.0

  /// Seconds of the group for the whole of the work; nil where it was not seen for long enough.
  var seconds: Double? {
    guard let first, let last, last.time - first.time >= Self.representative, first.left > last.left else {
      return nil
    }
    return (last.time - first.time) / (first.left - last.left)
  }

  /// Takes in a report.
  ///
  /// - Returns: whether it is time to learn from the pace: when it was first seen for long enough, and then each time that it
  ///   was seen for twice as long.
  mutating func report(left: Double, at time: Double) -> Bool {
    if first == nil { first = (time, left) }
    last = (time, left)
    guard let first, seconds != nil, time - first.time >= lesson else { return false }
    lesson = 2 * (time - first.time)
    return true
  }

  /// When the work was begun, judged by the pace since.
  var beginning: Double? {
    guard let first, let seconds else { return nil }
    return first.time - (1 - first.left) * seconds
  }
}
