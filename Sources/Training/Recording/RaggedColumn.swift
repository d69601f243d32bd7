import Schema

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

/// Ragged columns of one length, by variable: what was recorded of every measurement, or of every step.
struct RaggedTable: Sendable {
  /// The number of rows of every column.
  private(set) var count = 0
  /// A column ends with the last row in which it has anything.
  private var columns: [Variable: RaggedColumn] = [:]

  init() {}

  /// So many rows of some variables.
  init(_ rows: [Variable: [[Double]]], count: Int) {
    self.count = count
    columns = rows.mapValues { rows in rows.reduce(into: RaggedColumn()) { $0.append($1) } }
  }

  /// The variables that have columns.
  var variables: [Variable] { Array(columns.keys) }

  /// Adds a row.
  mutating func append(_ row: [Variable: [Double]]) {
    count += 1
    guard !row.isEmpty else { return }
    for (variable, values) in row {
      columns[variable, default: RaggedColumn()].fill(to: count - 1)
      columns[variable]?.append(values)
    }
  }

  /// All rows of a variable.
  func rows(_ variable: Variable) -> [[Double]] {
    var column = columns[variable] ?? RaggedColumn()
    column.fill(to: count)
    return (0..<count).map { Array(column[$0]) }
  }

  /// The first value of every row; NaN where there is none.
  func values(_ variable: Variable) -> [Double] {
    guard let column = columns[variable] else { return Array(repeating: .nan, count: count) }
    return (0..<count).map { $0 < column.count ? column[$0].first ?? .nan : .nan }
  }

  /// The first value of the last row; nil where it has none, or none that is finite.
  func latest(_ variable: Variable) -> Double? {
    guard count > 0, let column = columns[variable], column.count == count,
      let value = column[count - 1].first, value.isFinite
    else { return nil }
    return value
  }

  /// The first rows.
  func prefix(_ rows: Int) -> RaggedTable {
    var part = self
    part.count = min(rows, count)
    part.columns = columns.mapValues { $0.prefix(part.count) }
    return part
  }
}
