// What `broadcast` and `sum`, each the transpose of the other, share: choosing axes of a shape.

/// Checks that `axes` is strictly increasing and lies within a shape of `rank` axes.
func checkAxes(_ axes: [Int], rank: Int) throws(IllTyped) {
  guard zip(axes, axes.dropFirst()).allSatisfy({ $0 < $1 }) else {
    throw IllTyped("needs strictly increasing axes, not \(axes)")
  }
  guard axes.allSatisfy({ 0..<rank ~= $0 }) else {
    throw IllTyped("has axes \(axes) outside a shape of rank \(rank)")
  }
}

/// The axes of a shape of `rank` axes that are not in `axes`.
func remainingAxes(_ axes: [Int], rank: Int) -> [Int] {
  (0..<rank).filter { !axes.contains($0) }
}

/// For every element of a tensor of `shape`, the index of the element it projects to when only `axes` are kept.
func projectedIndices(shape: [Int], axes: [Int]) -> [Int] {
  var indices = [0]
  for (axis, extent) in shape.enumerated() {
    let kept = axes.contains(axis)
    indices = indices.flatMap { prefix in
      (0..<extent).map { kept ? prefix * extent + $0 : prefix }
    }
  }
  return indices
}
