internal import HDF5
internal import Schema

/// A dataset that stays open, to be kept in a dictionary.
final class OpenDataset {
  let dataset: Dataset

  init(_ dataset: consuming Dataset) { self.dataset = dataset }

  /// Writes a column into the first places of a row.
  func write(_ column: Column, row: Int, shape: [Int]) throws(HDF5Error) {
    let block = Hyperslab(start: [row] + shape.dropFirst().map { _ in 0 }, count: shape)
    switch column {
    case .reals(let values): try dataset.write(values, in: block)
    case .integers(let values): try dataset.write(values, in: block)
    case .texts(let values): try dataset.write(values, in: block)
    case .flags(let values): try dataset.write(values, in: block)
    }
  }

  /// Reads a column from the first places of a row.
  func read(_ kind: Variable.Kind, row: Int, shape: [Int]) throws(HDF5Error) -> Column {
    let block = Hyperslab(start: [row] + shape.dropFirst().map { _ in 0 }, count: shape)
    return switch kind {
    case .real, .weights: .reals(try dataset.read(in: block))
    case .integer, .count: .integers(try dataset.read(in: block))
    case .text, .word: .texts(try dataset.readStrings(in: block))
    case .flag: .flags(try dataset.read(in: block))
    }
  }
}
