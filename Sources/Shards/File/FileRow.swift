internal import HDF5
internal import Problems
internal import Schema

/// A row of a file that is to be written: where its values come from, and how many there are.
struct FileRow {
  /// Where the values come from.
  enum Source {
    /// A record in memory; in one piece, since rows are passed on for every variable.
    indirect case record(RunRecord)
    /// A row of a file of today's format whose seal has been compared: it is copied as it is.
    case row(SweepFile, Int)
  }

  let source: Source
  let extents: RecordExtents

  init(_ record: RunRecord) {
    source = .record(record)
    extents = record.extents
  }

  init(_ file: SweepFile, row: Int, extents: RecordExtents) {
    source = .row(file, row)
    self.extents = extents
  }

  /// About how much memory the values take, in bytes.
  var bytes: Int { extents.bytes }
}

extension RecordExtents {
  /// About how much memory the values of a record take, in bytes; what few record counts less than once.
  var bytes: Int {
    let perMeasurement = 20 + 8 * self[.eigenvalue] + self[.layer] + 2 * self[.densityNode] + self[.sketch]
    let perStep = 4 + 2 * self[.direction]
    let weights = (self[.kept] + 1) * self[.parameter]
    return 8 * (perStep * self[.step] + perMeasurement * self[.measurement] + weights) + 4096
  }
}

/// A value as it stands in a file.
protocol FileValue {
  /// Whether it stands for a value that is not there.
  func isMissing(_ missing: Self) -> Bool
  /// Reads a block of a dataset.
  static func read(_ dataset: borrowing Dataset, in block: Hyperslab) throws(HDF5Error) -> [Self]
  /// Writes a block of a dataset.
  static func write(_ values: [Self], to dataset: borrowing Dataset, in block: Hyperslab) throws(HDF5Error)
  /// The values of a variable in a record; nil where there are none.
  static func values(of variable: Variable, in record: RunRecord) -> [Self]?
}

extension FileValue where Self: HDF5Scalar {
  static func read(_ dataset: borrowing Dataset, in block: Hyperslab) throws(HDF5Error) -> [Self] {
    try dataset.read(in: block)
  }
  static func write(_ values: [Self], to dataset: borrowing Dataset, in block: Hyperslab) throws(HDF5Error) {
    try dataset.write(values, in: block)
  }
}

extension Double: FileValue {
  func isMissing(_ missing: Double) -> Bool { isNaN }
  static func values(of variable: Variable, in record: RunRecord) -> [Double]? {
    if variable.kind == .weights { return record.weights?.doubles }
    guard case .reals(let values) = record.presentColumn(variable) else { return nil }
    return values
  }
}

extension Float: FileValue {
  func isMissing(_ missing: Float) -> Bool { isNaN }
  static func values(of variable: Variable, in record: RunRecord) -> [Float]? {
    guard case .float(let values) = record.weights else { return nil }
    return values
  }
}

extension Int64: FileValue {
  func isMissing(_ missing: Int64) -> Bool { self == missing }
  static func values(of variable: Variable, in record: RunRecord) -> [Int64]? {
    guard case .integers(let values) = record.presentColumn(variable) else { return nil }
    return values
  }
}

extension Int8: FileValue {
  func isMissing(_ missing: Int8) -> Bool { self == missing }
  static func values(of variable: Variable, in record: RunRecord) -> [Int8]? {
    guard case .flags(let values) = record.presentColumn(variable) else { return nil }
    return values
  }
}

extension String: FileValue {
  func isMissing(_ missing: String) -> Bool { isEmpty }
  static func read(_ dataset: borrowing Dataset, in block: Hyperslab) throws(HDF5Error) -> [String] {
    try dataset.readStrings(in: block)
  }
  static func write(_ values: [String], to dataset: borrowing Dataset, in block: Hyperslab) throws(HDF5Error)
  {
    try dataset.write(values, in: block)
  }
  static func values(of variable: Variable, in record: RunRecord) -> [String]? {
    guard case .texts(let values) = record.presentColumn(variable) else { return nil }
    return values
  }
}
