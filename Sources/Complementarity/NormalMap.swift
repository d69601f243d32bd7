import LinearAlgebra

extension ScaledProblem {
  private static let mostPolishingSteps = 6

  /// Newton's method on the normal map `F(Z) = A + B[Z+] + Z - Z+`, whose zero is `Z = X - S`: it takes the error of a nearly
  /// complementary pair to rounding where `B` is definite on the support of `X`.
  ///
  /// - Returns: `Z+` of the iterate with the smallest `F`; nil where no step could be taken.
  func polish(_ matrix: DenseMatrix, slack: DenseMatrix) -> DenseMatrix? {
    var (point, best, least) = (matrix - slack, DenseMatrix?.none, Double.infinity)
    for _ in 0...Self.mostPolishingSteps {
      guard let eigen = point.symmetricEigen else { break }
      let positive = self.positive(eigen)
      let value = constant + response(to: positive) + point - positive
      guard value.norm < least else { break }
      (best, least) = (positive, value.norm)
      guard let step = newtonStep(eigen, value) else { break }
      point = point + step
    }
    return best
  }

  /// The nearest positive semidefinite matrix.
  private func positive(_ eigen: SymmetricEigen) -> DenseMatrix {
    let vectors = DenseMatrix(size, size, eigen.vectors)
    return vectors.transposed.scalingColumns(by: eigen.values.map { max($0, 0) }) * vectors
  }

  /// Solves `B[P H] + H - P H = -F` in the eigenvectors of `Z`, where the derivative `P` of its positive part is diagonal.
  ///
  /// On what `P` keeps, `y = P H`, the equations are `(B + (1 - P) / P) y = -F`; elsewhere `H = -F - B y`.
  private func newtonStep(_ eigen: SymmetricEigen, _ value: DenseMatrix) -> DenseMatrix? {
    let vectors = DenseMatrix(size, size, eigen.vectors)
    let image = root * packed.congruence(vectors.transposed)
    let right = packed.pack(vectors * value * vectors.transposed).map { -$0 }
    let slopes = packed.places.map { Self.slope(eigen.values[$0.row], eigen.values[$0.column]) }
    let kept = slopes.indices.filter { slopes[$0] > 1e-12 }
    let part = DenseMatrix(
      image.rows, kept.count, (0..<image.rows).flatMap { row in kept.map { image[row, $0] } })
    let rest = DenseMatrix(diagonal: kept.map { (1 - slopes[$0]) / slopes[$0] })
    guard let equations = Cholesky(part.transposed * part + rest) else { return nil }
    var product = [Double](repeating: 0, count: packed.count)
    for (index, element) in zip(kept, equations.solve(kept.map { right[$0] })) { product[index] = element }
    let answer = (image.transposed * (image * DenseMatrix(packed.count, 1, product))).elements
    let step = slopes.indices.map { right[$0] - answer[$0] + product[$0] }
    return vectors.transposed * packed.unpack(step) * vectors
  }

  /// The divided difference of `max(z, 0)`.
  private static func slope(_ first: Double, _ second: Double) -> Double {
    if first > 0, second > 0 { return 1 }
    if first <= 0, second <= 0 { return 0 }
    return max(first, second) / abs(first - second)
  }
}
