/// The Ritz pairs of a basis, of which the first few are wanted.
struct Round {
  let pairs: RitzPairs
  /// The residual norms of the wanted pairs.
  let norms: [Double]
  /// The residual norm of the pair after them, where there is one that may be wanted too.
  let nextNorm: Double?
  /// The residual norm at which a pair has converged.
  let target: Double
  /// Where the next pair cannot reach it by its residual, that one is left as it is.
  let reach: Double

  /// Takes the residual norms of the wanted pairs and perhaps of one more.
  init(pairs: RitzPairs, norms: [Double], wanted: Int, target: Double, reach: Double) {
    (self.pairs, self.target, self.reach) = (pairs, target, reach)
    (self.norms, nextNorm) = (Array(norms.prefix(wanted)), norms.dropFirst(wanted).first)
  }

  var wanted: Int { norms.count }
  var converged: [Bool] { norms.map { $0 <= target } }
  var isConverged: Bool { !converged.contains(false) }

  /// Whether the next pair stays unwanted: it has converged, or cannot reach what is wanted.
  var isNextSettled: Bool {
    nextNorm.map { $0 <= target || pairs.values[wanted] + $0 <= reach } ?? true
  }

  /// Whether nothing of what is wanted, or may come to be, is left to improve.
  var isSettled: Bool { isConverged && isNextSettled }

  /// The pair to be improved: the wanted one with the largest residual, or else the next one.
  var worst: Int {
    if isConverged && nextNorm != nil { return wanted }
    return norms.indices.max { norms[$0] < norms[$1] } ?? 0
  }
}
