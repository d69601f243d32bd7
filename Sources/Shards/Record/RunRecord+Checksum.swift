internal import Digests
internal import Schema

// HDF5 keeps no checksum of texts, and programs that rewrite a file drop its seal: so every row carries its own.

extension RunRecord {
  /// 64 hexadecimal digits that depend on the id and on the name and every bit of every value.
  ///
  /// Values that are missing altogether do not count, so a variable that joins the format later leaves the
  /// checksums of older files as they are. NaN counts as one value whatever its bits.
  var checksum: String {
    var digest = Digest()
    digest.absorb(id)
    for place in (storedNames.compactMap { Self.places[$0] } + Self.placesOfAll).sorted() {
      digest.absorb(Self.checkedVariables[place], of: self)
    }
    return digest.hexadecimal()
  }

  /// In an order that does not change when variables are added.
  static let checkedVariables = VariableTable.all
    .filter { $0 != .checksum }.sorted { $0.name < $1.name }

  /// Where each stands, by its name.
  private static let places = Dictionary(
    uniqueKeysWithValues: checkedVariables.enumerated().map { ($1.name, $0) })
  /// Where those stand that no column holds.
  private static let placesOfAll = checkedVariables.indices.filter {
    checkedVariables[$0].isDerived || checkedVariables[$0].kind == .weights
  }
}

extension Digest {
  fileprivate mutating func absorb(_ variable: Variable, of record: RunRecord) {
    guard let column = record.presentColumn(variable) else { return }
    absorb(variable.name)
    switch column {
    case .reals(let values): absorb(values)
    case .integers(let values): absorb(values)
    case .flags(let values): absorb(values)
    case .texts(let values):
      absorb(count: values.count)
      for text in values { absorb(text) }
    }
  }
}
