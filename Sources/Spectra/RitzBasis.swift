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
  func append(_ vector: Vector<Scalar>, image: Vector<Scalar>) {
    vectors.append(vector)
    images.append(image)
    projected.append(vectors.map { $0.dot(image) })
  }

  /// The eigenpairs of `T`; nil where it is not finite.
  func ritzPairs() -> RitzPairs? {
    var matrix = [Double](repeating: 0, count: count * count)
    for (i, row) in projected.enumerated() {
      for (j, element) in row.enumerated() { matrix[i * count + j] = element }
    }
    return SymmetricEigen(matrix, dimension: count).map(RitzPairs.init)
  }

  /// Writes `A x - shift * x` for `x = V y`.
  func writeImage(_ coefficients: [Double], shift: Double, into result: Vector<Scalar>) {
    result.combine(images + vectors, factors: coefficients + coefficients.map { -shift * $0 })
  }

  /// Keeps the space of some Ritz vectors only; no new products are needed.
  func compress(to kept: [Int], _ pairs: RitzPairs) {
    func rotated(_ old: [Vector<Scalar>]) -> [Vector<Scalar>] {
      let new = kept.map { index in
        let vector = workspace.take(count: dimension)
        vector.combine(old, factors: pairs.coefficients[index])
        return vector
      }
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
