internal import LinearAlgebra

extension Vector {
  /// Takes away the components along orthonormal vectors and scales the rest to norm 1.
  ///
  /// Gram-Schmidt is repeated while a pass takes away most of the vector (Daniel, Gragg, Kaufman and Stewart,
  /// Math. Comp. 30, 1976).
  ///
  /// - Returns: false where nothing but rounding errors is left.
  func orthonormalize(against basis: [Vector]) -> Bool {
    var remaining = 1.0
    while true {
      let products = dots(basis + [self])
      let length = products[basis.count].squareRoot()
      guard length > 0, length.isFinite else { return false }
      let left = combine(basis + [self], factors: products.dropLast().map { -$0 / length } + [1 / length])
      remaining *= left
      guard remaining > 16 * Double(Scalar.ulpOfOne) else { return false }
      if left > 0.5 {
        scale(by: 1 / left)
        return true
      }
    }
  }
}
