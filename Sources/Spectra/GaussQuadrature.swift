public import LinearAlgebra

/// A Gauss quadrature for the spectrum of a symmetric matrix `A` as seen from a vector `v`.
///
/// `v^T f(A) v / v^T v = sum_k weights[k] f(nodes[k])` for all polynomials `f` of degree up to `2 m - 1`,
/// with `m` nodes. These are the eigenvalues of the tridiagonal matrix of `m` steps of Lanczos' recurrence,
/// the weights the squares of the first elements of its eigenvectors (Golub and Welsch, Math. Comp. 23,
/// 1969).
public struct GaussQuadrature: Sendable {
  /// The nodes, ascending.
  public let nodes: [Double]
  /// The weights, which are not negative and sum to 1.
  public let weights: [Double]

  /// Takes `steps` products with the matrix, fewer where the Krylov space of the vector ends before: then the
  /// quadrature is exact for all functions.
  ///
  /// The recurrence is reorthogonalised against all vectors before, so that no node appears twice; `steps`
  /// vectors are kept meanwhile.
  ///
  /// - Throws: what the operator throws. Nil where a product was not finite.
  public init?<Scalar>(
    of matrix: any SymmetricOperator<Scalar>, from start: Vector<Scalar>, steps: Int,
    workspace: Workspace<Scalar> = Workspace()
  ) throws {
    var (basis, diagonal, besides): ([Vector<Scalar>], [Double], [Double]) = ([], [], [])
    var next = workspace.take(count: matrix.dimension)
    defer { workspace.giveBack(basis + [next]) }
    next.copy(from: start)
    while basis.count < min(steps, matrix.dimension), next.orthonormalize(against: basis) {
      let image = workspace.take(count: matrix.dimension)
      try matrix.apply(next, into: image)
      if let last = basis.last { besides.append(last.dot(image)) }
      diagonal.append(next.dot(image))
      basis.append(next)
      next = image
    }
    guard let eigen = SymmetricEigen(tridiagonal: diagonal, besides) else { return nil }
    nodes = eigen.values
    weights = nodes.indices.map { k in
      let first = eigen.vector(k).first ?? 0
      return first * first
    }
  }
}

extension SymmetricEigen {
  /// Decomposes the matrix of a diagonal and the elements beside it.
  fileprivate init?(tridiagonal diagonal: [Double], _ besides: [Double]) {
    let count = diagonal.count
    var matrix = [Double](repeating: 0, count: count * count)
    for (i, element) in diagonal.enumerated() { matrix[i * count + i] = element }
    for (i, element) in besides.enumerated() { matrix[(i + 1) * count + i] = element }
    self.init(matrix, dimension: count)
  }
}
