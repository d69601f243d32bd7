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
    guard normalize() > 0 else { return false }
    while true {
      combine(basis + [self], factors: basis.map { -dot($0) } + [1])
      let left = normalize()
      remaining *= left
      if !(remaining > 16 * Double(Scalar.ulpOfOne)) { return false }
      if left > 0.5 { return true }
    }
  }

  /// Scales to norm 1 and returns the norm before; a vector of norm 0, or not finite, stays and gives 0.
  private func normalize() -> Double {
    let length = norm
    guard length > 0, length.isFinite else { return 0 }
    scale(by: 1 / length)
    return length
  }
}
