internal import LinearAlgebra

/// An orthonormal basis `V` with its images `W = A V` and the projected matrix `T = V^T W`.
///
/// Vectors are in `Scalar`, everything small is in `Double`.
final class RitzBasis<Scalar: RealScalar> {
  let dimension: Int
  private(set) var vectors: [Vector<Scalar>] = []
  private(set) var images: [Vector<Scalar>] = []
  /// The lower triangle of `T`, row by row.
  private var projected: [[Double]] = []
  private let workspace: Workspace<Scalar>

  init(dimension: Int, workspace: Workspace<Scalar>) {
    self.dimension = dimension
    self.workspace = workspace
  }

  deinit { workspace.giveBack(vectors + images) }

  var count: Int { vectors.count }

  /// Adds a vector that `orthonormalize` has accepted, with its image.
  ///
  /// - Returns: whether the image is finite; if not, neither is the new row of `T`.
  func append(_ vector: Vector<Scalar>, image: Vector<Scalar>) -> Bool {
    vectors.append(vector)
    images.append(image)
    let row = image.dots(vectors)
    projected.append(row)
    return row.allSatisfy(\.isFinite)
  }

  /// The eigenpairs of `T`; nil where it is not finite.
  func ritzPairs() -> RitzPairs? {
    var matrix = [Double](repeating: 0, count: count * count)
    for (i, row) in projected.enumerated() {
      for (j, element) in row.enumerated() { matrix[i * count + j] = element }
    }
    return SymmetricEigen(matrix, dimension: count).map(RitzPairs.init)
  }

  /// Writes `A x - shift * x` for `x = V y`, for several `y` and shifts in one pass, and returns the norms.
  @discardableResult
  func writeImages(_ coefficients: [[Double]], shifts: [Double], into results: [Vector<Scalar>]) -> [Double] {
    let factors = zip(coefficients, shifts).map { y, shift in y + y.map { -shift * $0 } }
    return Vector.combine(images + vectors, factors: factors, into: results)
  }

  /// Writes `V y` for several `y` in one pass.
  func writeVectors(_ coefficients: [[Double]], into results: [Vector<Scalar>]) -> [Double] {
    Vector.combine(vectors, factors: coefficients, into: results)
  }

  /// Keeps the space of some Ritz vectors only; no new products are needed.
  func compress(to kept: [Int], _ pairs: RitzPairs) {
    func rotated(_ old: [Vector<Scalar>]) -> [Vector<Scalar>] {
      let new = kept.map { _ in workspace.take(count: dimension) }
      Vector.combine(old, factors: kept.map { pairs.coefficients[$0] }, into: new)
      workspace.giveBack(old)
      return new
    }
    vectors = rotated(vectors)
    images = rotated(images)
    projected = kept.indices.map { row in (0...row).map { $0 == row ? pairs.values[kept[row]] : 0 } }
  }
}

/// The eigenpairs of the projected matrix, descending.
struct RitzPairs {
  let values: [Double]
  /// `coefficients[i]` is the i-th Ritz vector in terms of the basis.
  let coefficients: [[Double]]

  init(_ ascending: SymmetricEigen) {
    values = ascending.values.reversed()
    coefficients = values.indices.reversed().map { Array(ascending.vector($0)) }
  }

  var largestMagnitude: Double { max(abs(values[0]), abs(values[values.count - 1])) }
}
