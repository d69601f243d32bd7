public import LinearAlgebra

/// A block on the diagonal of a symmetric matrix, such as that of one layer's parameters.
public final class DiagonalBlock<Scalar: RealScalar>: SymmetricOperator {
  private let whole: any SymmetricOperator<Scalar>
  private let range: Range<Int>
  private let scratch: Scratch

  /// Vectors of the whole dimension, which blocks of one matrix share.
  public final class Scratch {
    /// Zero but in the range of the block that uses it.
    fileprivate let direction: Vector<Scalar>
    fileprivate let image: Vector<Scalar>

    /// Allocates for a matrix of so many rows.
    public init(dimension: Int) {
      (direction, image) = (Vector(count: dimension), Vector(count: dimension))
    }
  }

  /// The rows and columns of a range.
  public init(_ whole: any SymmetricOperator<Scalar>, _ range: Range<Int>, scratch: Scratch) {
    precondition(range.upperBound <= whole.dimension, "the block does not fit into the matrix")
    self.whole = whole
    self.range = range
    self.scratch = scratch
  }

  /// The number of rows of the block.
  public var dimension: Int { range.count }

  /// Writes the product of the block with `x` into `y`; takes a product with the whole matrix.
  public func apply(_ x: Vector<Scalar>, into y: Vector<Scalar>) throws {
    let part = scratch.direction.slice(range)
    part.copy(from: x.all)
    defer { part.fill(0) }
    try whole.apply(scratch.direction, into: scratch.image)
    y.all.copy(from: scratch.image.slice(range))
  }
}
