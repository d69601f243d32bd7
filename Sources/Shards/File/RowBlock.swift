internal import HDF5
internal import Schema

/// The values of one variable in consecutive rows of a file that is to be written, filled up to one shape.
struct RowBlock<Value: FileValue> {
  private(set) var values: [Value]
  /// The extents along the dimensions after `run`.
  let along: [Int]
  private let missing: Value
  private var width: Int { along.reduce(1, *) }

  /// Gathers the values of rows, whose extents fit into `along`.
  init(_ rows: ArraySlice<FileRow>, _ variable: Variable, along: [Int], missing: Value) throws(HDF5Error) {
    self.along = along
    self.missing = missing
    values = Array(repeating: missing, count: rows.count * along.reduce(1, *))
    var files: [ObjectIdentifier: (file: SweepFile, rows: [(from: Int, to: Int)])] = [:]
    for (index, row) in rows.enumerated() {
      switch row.source {
      case .record(let record):
        guard let column = Value.values(of: variable, in: record) else { continue }
        place(column, along: Array(row.extents.shape(of: variable).dropFirst()), from: 0, to: index)
      case .row(let file, let row):
        files[ObjectIdentifier(file), default: (file, [])].rows.append((row, index))
      }
    }
    for (file, rows) in files.values { try copy(rows.sorted { $0.from < $1.from }, of: file, variable) }
  }

  /// Copies rows of a file, those that stand close together in one go.
  private mutating func copy(
    _ rows: [(from: Int, to: Int)], of file: SweepFile, _ variable: Variable
  ) throws(HDF5Error) {
    let dataset = try file.withRoot { root throws(HDF5Error) in
      try root.contains(variable.name) ? OpenDataset(try root.openDataset(variable.name)) : nil
    }
    guard let dataset else { return }
    let along = zip(self.along, try dataset.dataset.shape.dropFirst()).map { min($0, $1) }
    guard !along.contains(0) else { return }
    var first = 0
    for end in 1...rows.count where end == rows.count || rows[end].from - rows[end - 1].from > Self.gap {
      let (start, count) = (rows[first].from, rows[end - 1].from - rows[first].from + 1)
      let block = Hyperslab(start: [start] + along.map { _ in 0 }, count: [count] + along)
      place(try Value.read(dataset.dataset, in: block), along: along, rows[first..<end], start)
      first = end
    }
  }

  /// How many rows to read in vain instead of calling the library once more.
  private static var gap: Int { 4 }

  private mutating func place(
    _ source: [Value], along: [Int], _ rows: ArraySlice<(from: Int, to: Int)>, _ start: Int
  ) {
    if along == self.along, rows.count * width == source.count, let to = rows.first?.to,
      rows.enumerated().allSatisfy({ $1.to == to + $0 })
    {
      values.replaceSubrange(to * width..<(to + rows.count) * width, with: source)
    } else {
      for row in rows { place(source, along: along, from: row.from - start, to: row.to) }
    }
  }

  /// Puts one row of other values, of extents `along`, into a row of these.
  private mutating func place(_ source: [Value], along: [Int], from: Int, to: Int) {
    let narrow = along.reduce(1, *)
    // The innermost extents may differ, so these pieces are what can be copied whole.
    let (piece, wide) = along == self.along ? (narrow, width) : (along.last ?? 1, self.along.last ?? 1)
    guard piece > 0 else { return }
    for index in 0..<narrow / piece {
      let (source0, target) = (from * narrow + index * piece, to * width + index * wide)
      values.replaceSubrange(target..<target + piece, with: source[source0..<source0 + piece])
    }
  }

  /// Whether some row of these holds a value.
  func holdsValues(_ rows: Range<Int>) -> Bool {
    !values[rows.lowerBound * width..<rows.upperBound * width].allSatisfy { $0.isMissing(missing) }
  }

  /// Writes rows to where they belong, the first row of the block being `first` in the file.
  func write(_ rows: Range<Int>, first: Int, to dataset: borrowing Dataset) throws(HDF5Error) {
    let part =
      rows.count * width == values.count
      ? values : Array(values[rows.lowerBound * width..<rows.upperBound * width])
    let block = Hyperslab(
      start: [first + rows.lowerBound] + along.map { _ in 0 }, count: [rows.count] + along)
    try Value.write(part, to: dataset, in: block)
  }
}
