public import LinearAlgebra

/// Coordinates of symmetric matrices in which the inner product is the usual one: the lower triangle row by row, with
/// elements off the diagonal times the root of 2.
public struct PackedSymmetric: Sendable {
  /// The number of rows of the matrices.
  public let size: Int
  /// The rows and columns that the coordinates stand for, the column at most the row.
  public let places: [(row: Int, column: Int)]

  /// Coordinates of matrices with so many rows.
  public init(size: Int) {
    self.size = size
    places = (0..<size).flatMap { row in (0...row).map { (row, $0) } }
  }

  /// The number of coordinates: k (k + 1) / 2.
  public var count: Int { size * (size + 1) / 2 }

  /// What an element is multiplied by to become a coordinate: 1 on the diagonal, the root of 2 elsewhere.
  public func weight(_ place: (row: Int, column: Int)) -> Double {
    place.row == place.column ? 1 : 2.0.squareRoot()
  }

  /// The coordinates of a matrix, of whose mirrored elements the mean counts.
  public func pack(_ matrix: DenseMatrix) -> [Double] {
    places.map { weight($0) * (matrix[$0.row, $0.column] + matrix[$0.column, $0.row]) / 2 }
  }

  /// The matrix of some coordinates.
  public func unpack(_ coordinates: [Double]) -> DenseMatrix {
    precondition(coordinates.count == count, "a symmetric matrix has k (k + 1) / 2 coordinates")
    var matrix = DenseMatrix(size, size)
    for (place, coordinate) in zip(places, coordinates) {
      matrix[place.row, place.column] = coordinate / weight(place)
      matrix[place.column, place.row] = matrix[place.row, place.column]
    }
    return matrix
  }

  /// The matrix of the map `E -> R E R^T` in these coordinates.
  public func congruence(_ factor: DenseMatrix) -> DenseMatrix {
    var columns = DenseMatrix(count, count)
    for (index, place) in places.enumerated() {
      // R (e_i e_j^T + e_j e_i^T) R^T, by columns of R.
      let scale = weight(place) / 2
      for (target, spot) in places.enumerated() {
        let one = factor[spot.row, place.row] * factor[spot.column, place.column]
        let other = factor[spot.row, place.column] * factor[spot.column, place.row]
        columns[target, index] = weight(spot) * scale * (one + other)
      }
    }
    return columns
  }
}
