/// Rows of numbers of any length, one behind the other: what was measured of one variable.
struct RaggedColumn: Sendable {
  private var values: [Double] = []
  /// Where each row ends.
  private var ends: [Int] = []

  /// The number of rows.
  var count: Int { ends.count }

  /// Adds a row.
  mutating func append(_ row: [Double]) {
    values += row
    ends.append(values.count)
  }

  /// Adds empty rows until there are so many.
  mutating func fill(to count: Int) {
    while ends.count < count { ends.append(values.count) }
  }

  /// The first rows.
  func prefix(_ count: Int) -> RaggedColumn {
    var part = self
    part.ends = Array(ends.prefix(count))
    part.values = Array(values.prefix(part.ends.last ?? 0))
    return part
  }

  /// One row.
  subscript(row: Int) -> ArraySlice<Double> { values[(row == 0 ? 0 : ends[row - 1])..<ends[row]] }
}
