/// A small dense matrix in `Double`, row by row: for what is done with a few directions, not with parameters.
public struct DenseMatrix: Equatable, Sendable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The elements, row by row.
  public var elements: [Double]

  /// Creates a matrix from its elements, row by row; of zeros where none are given.
  public init(_ rows: Int, _ columns: Int, _ elements: [Double]? = nil) {
    precondition(
      elements.map { $0.count == rows * columns } ?? true, "a matrix has rows times columns elements")
    (self.rows, self.columns) = (rows, columns)
    self.elements = elements ?? [Double](repeating: 0, count: rows * columns)
  }

  /// Creates a square matrix with these elements on its diagonal, and zeros elsewhere.
  public init(diagonal: [Double]) {
    self.init(diagonal.count, diagonal.count)
    for (index, element) in diagonal.enumerated() { self[index, index] = element }
  }

  /// The element of a row and a column.
  public subscript(row: Int, column: Int) -> Double {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  /// Rows as columns.
  public var transposed: DenseMatrix {
    var result = DenseMatrix(columns, rows)
    for row in 0..<rows { for column in 0..<columns { result[column, row] = self[row, column] } }
    return result
  }

  /// The root of the sum of squares of all elements.
  public var norm: Double { elements.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  /// The sum of the products of corresponding elements.
  public func dot(_ other: DenseMatrix) -> Double {
    zip(elements, other.elements).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The columns, each times a factor.
  public func scalingColumns(by factors: [Double]) -> DenseMatrix {
    var result = self
    for row in 0..<rows { for column in 0..<columns { result[row, column] *= factors[column] } }
    return result
  }

  /// Eigenvalues, ascending, and eigenvectors of a symmetric matrix; nil where an element is not finite.
  public var symmetricEigen: SymmetricEigen? {
    precondition(rows == columns, "only square matrices have eigenvalues")
    return SymmetricEigen(elements, dimension: rows)
  }

  /// The product of two matrices.
  public static func * (left: DenseMatrix, right: DenseMatrix) -> DenseMatrix {
    precondition(left.columns == right.rows, "the sizes of the factors of a product have to fit")
    var result = DenseMatrix(left.rows, right.columns)
    guard left.rows > 0, left.columns > 0, right.columns > 0 else { return result }
    let product = MatrixProduct(rows: left.rows, columns: right.columns, depth: left.columns)
    unsafe left.elements.withUnsafeBytes { left in
      unsafe right.elements.withUnsafeBytes { right in
        unsafe result.elements.withUnsafeMutableBytes { result in
          guard let left = left.baseAddress, let right = right.baseAddress, let result = result.baseAddress
          else { return }
          unsafe product.multiplyDouble(left, right, result)
        }
      }
    }
    return result
  }

  /// The sum, element by element.
  public static func + (left: DenseMatrix, right: DenseMatrix) -> DenseMatrix {
    precondition(left.rows == right.rows && left.columns == right.columns, "sums are of matrices of one size")
    return DenseMatrix(left.rows, left.columns, zip(left.elements, right.elements).map { $0 + $1 })
  }

  /// The difference, element by element.
  public static func - (left: DenseMatrix, right: DenseMatrix) -> DenseMatrix { left + -1 * right }

  /// The multiple.
  public static func * (factor: Double, matrix: DenseMatrix) -> DenseMatrix {
    DenseMatrix(matrix.rows, matrix.columns, matrix.elements.map { factor * $0 })
  }
}
