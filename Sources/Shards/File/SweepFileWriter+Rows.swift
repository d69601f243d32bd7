internal import HDF5
internal import Schema

// Values are written variable by variable, of many rows at a time: a call of the library takes longer than writing a
// few hundred values. What is written together depends on the rows alone and not on where they come from, so that equal
// rows make equal files.

extension SweepFileWriter {
  /// Writes rows from the row `first` on.
  borrowing func write(_ rows: [FileRow], from first: Int) throws(HDF5Error) {
    for (variable, open) in variables {
      switch variable.kind {
      case .real: try write(rows, first, variable, open, missing: Double.nan)
      case .weights where !layout.doubleWeights: try write(rows, first, variable, open, missing: Float.nan)
      case .weights: try write(rows, first, variable, open, missing: Double.nan)
      case .integer: try write(rows, first, variable, open, missing: Int64(-1))
      case .count: try write(rows, first, variable, open, missing: Int64(0))
      case .text, .word: try write(rows, first, variable, open, missing: "")
      case .flag: try write(rows, first, variable, open, missing: Int8(-1))
      }
    }
  }

  /// Whether some of the rows hold values of a variable.
  static func holdValues(_ rows: [FileRow], _ variable: Variable) throws(HDF5Error) -> Bool {
    switch variable.kind {
    case .weights: rows.contains { $0.extents[.parameter] > 0 }
    case .real: try holdValues(rows, variable, missing: Double.nan)
    case .integer: try holdValues(rows, variable, missing: Int64(-1))
    case .count: try holdValues(rows, variable, missing: Int64(0))
    case .text, .word: try holdValues(rows, variable, missing: "")
    case .flag: try holdValues(rows, variable, missing: Int8(-1))
    }
  }

  private static func holdValues<Value: FileValue>(
    _ rows: [FileRow], _ variable: Variable, missing: Value
  ) throws(HDF5Error) -> Bool {
    let chunk = [1] + variable.axes.dropFirst().map { _ in 4096 }
    for (part, along) in parts(rows, variable, chunk) {
      let block = try RowBlock(rows[part], variable, along: along, missing: missing)
      if block.holdsValues(0..<part.count) { return true }
    }
    return false
  }

  private borrowing func write<Value: FileValue>(
    _ rows: [FileRow], _ first: Int, _ variable: Variable, _ open: OpenDataset, missing: Value
  ) throws(HDF5Error) {
    let chunk = layout.chunk(of: variable)
    for (part, along) in Self.parts(rows, variable, chunk) {
      let block = try RowBlock(rows[part], variable, along: along, missing: missing)
      for rows in Self.filled(block, rows: part.count, start: first + part.lowerBound, chunk[0]) {
        try block.write(rows, first: first + part.lowerBound, to: open.dataset)
      }
    }
  }

  /// The rows of a block that are written: all of the chunks in which there are values.
  private static func filled<Value: FileValue>(
    _ block: RowBlock<Value>, rows: Int, start: Int, _ chunk: Int
  ) -> [Range<Int>] {
    var (filled, row): ([Range<Int>], Int) = ([], 0)
    while row < rows {
      let end = min(rows, row + chunk - (start + row) % chunk)
      if block.holdsValues(row..<end) {
        if let last = filled.last, last.upperBound == row {
          filled[filled.count - 1] = last.lowerBound..<end
        } else {
          filled.append(row..<end)
        }
      }
      row = end
    }
    return filled
  }

  /// Cuts rows into parts that are written together, with their extents along the other dimensions: rows that touch
  /// the same number of chunks, so that none is made for padding alone, and about a million values.
  private static func parts(
    _ rows: [FileRow], _ variable: Variable, _ chunk: [Int]
  ) -> [(rows: Range<Int>, along: [Int])] {
    if variable.axes.count == 1 { return rows.isEmpty ? [] : [(rows.indices, [])] }
    var parts: [(rows: Range<Int>, along: [Int])] = []
    var touched: [Int] = []
    for (index, row) in rows.enumerated() {
      let along = Array(row.extents.shape(of: variable).dropFirst())
      let touches = zip(along, chunk.dropFirst()).map { max(1, ($0 + $1 - 1) / $1) }
      if let last = parts.last, touches == touched {
        let union = zip(last.along, along).map { max($0, $1) }
        if (last.rows.count + 1) * union.reduce(1, *) <= 1 << 20 {
          parts[parts.count - 1] = (last.rows.lowerBound..<index + 1, union)
          continue
        }
      }
      parts.append((index..<index + 1, along))
      touched = touches
    }
    return parts.filter { !$0.along.contains(0) }
  }
}
