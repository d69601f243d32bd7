// HDF5 keeps checksums of numbers but none of texts of variable length, so every row carries its own.

extension RunRecord {
  /// 16 hexadecimal digits that depend on the id and on the name and every bit of every value.
  ///
  /// Values that are missing altogether do not count, so a variable that joins the format later leaves the
  /// checksums of older files as they are. NaN counts as one value whatever its bits.
  var checksum: String {
    var hash = FNV1a()
    hash.absorb(id)
    for variable in Self.checkedVariables { hash.absorb(variable, of: self) }
    return hash.hexadecimal
  }

  /// In an order that does not change when variables are added.
  private static let checkedVariables = VariableTable.all
    .filter { $0 != VariableTable.checksum }.sorted { $0.name < $1.name }
}

extension FNV1a {
  fileprivate mutating func absorb(_ text: String) {
    for byte in text.utf8 { absorb(UInt64(byte)) }
    absorb(UInt64(text.utf8.count))
  }

  fileprivate mutating func absorb(_ value: Double) { absorb((value.isNaN ? .nan : value).bitPattern) }

  fileprivate mutating func absorb(_ variable: Variable, of record: RunRecord) {
    let column = record.column(variable)
    guard !column.isMissing else { return }
    absorb(variable.name)
    switch column {
    case .reals(let values): for value in values { absorb(value) }
    case .integers(let values): for value in values { absorb(UInt64(bitPattern: value)) }
    case .texts(let values): for value in values { absorb(value) }
    case .flags(let values): for value in values { absorb(UInt64(UInt8(bitPattern: value))) }
    }
  }
}
