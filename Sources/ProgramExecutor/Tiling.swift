/// How a step can run over a part of its elements, a tile: which of its values have what part in it.
///
/// The elements are those of a matrix, by rows, of which a tile is some whole rows or a piece of one.
struct Tiling: Hashable {
  /// What a value holds for a matrix of elements.
  enum Extent {
    /// One number per element.
    case elements
    /// One number per column: a row.
    case row
    /// One number per row: a column.
    case column
    /// One number for all.
    case scalar
  }

  /// The number of elements.
  var count: Int
  /// The number of columns; nil where any will do.
  var columns: Int?
  var left = Extent.elements
  var right = Extent.elements
  var result = Extent.elements

  /// Whether a tile must hold whole rows.
  var needsWholeRows: Bool { result == .column }
  /// Whether the result is small next to the elements.
  var reduces: Bool { result != .elements }
}

/// The largest tile: one number per element takes a part of the first-level cache.
enum TileSize {
  static let byteCount = 8192
}

/// A part of the elements of a group of steps, for which its steps run one after the other.
struct Tile {
  var row: Int
  var column: Int
  var rows: Int
  var columns: Int
  /// Whether the tile holds the first row.
  var isFirst: Bool
  /// Whether the tile holds the last row.
  var isLast: Bool

  var count: Int { rows * columns }
}

extension Tile {
  /// All elements of a group that is not cut.
  init(all group: StepGroup) {
    self.init(row: 0, column: 0, rows: group.rows, columns: group.columns, isFirst: true, isLast: true)
  }
}

/// Consecutive steps that run together, tile by tile.
struct StepGroup {
  /// Which of the executable's steps.
  var steps: Range<Int>
  var rows = 1
  var columns = 1
  var tileRows = 1
  var tileColumns = 1

  /// Whether one tile is all, as for every step that cannot be cut.
  var isWhole: Bool { tileRows == rows && tileColumns == columns }

  /// The group that runs `steps` over a matrix cut into tiles of at most `capacity` elements.
  init(steps: Range<Int>, rows: Int, columns: Int, capacity: Int) {
    self.steps = steps
    (self.rows, self.columns) = (rows, columns)
    tileRows = min(max(capacity / columns, 1), rows)
    tileColumns = min(max(capacity, 1), columns)
  }

  /// The group of one step that is not cut.
  init(step: Int) { steps = step..<step + 1 }

  /// Calls `body` with every tile, by rows.
  @inline(__always)
  func forEachTile(_ body: (Tile) -> Void) {
    for row in stride(from: 0, to: rows, by: tileRows) {
      let rows = min(tileRows, rows - row)
      for column in stride(from: 0, to: columns, by: tileColumns) {
        body(
          Tile(
            row: row, column: column, rows: rows, columns: min(tileColumns, columns - column),
            isFirst: row == 0, isLast: row + rows == self.rows))
      }
    }
  }
}
