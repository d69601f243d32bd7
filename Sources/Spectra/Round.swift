/// The Ritz pairs of a basis, of which the first few are wanted.
struct Round {
  let pairs: RitzPairs
  /// The residual norms of the wanted pairs.
  let norms: [Double]
  /// The residual norm of the pair after them, where there is one that may be wanted too.
  let nextNorm: Double?
  /// The residual norm at which each pair has converged.
  let targets: [Double]
  /// Where the next pair cannot reach it by its residual, that one is left as it is.
  let reach: Double

  /// Takes the residual norms of the wanted pairs and perhaps of one more.
  init(pairs: RitzPairs, norms: [Double], wanted: Int, targets: [Double], reach: Double) {
    (self.pairs, self.targets, self.reach) = (pairs, targets, reach)
    (self.norms, nextNorm) = (Array(norms.prefix(wanted)), norms.dropFirst(wanted).first)
  }

  var wanted: Int { norms.count }
  var converged: [Bool] { zip(norms, targets).map { $0 <= $1 } }
  var isConverged: Bool { !converged.contains(false) }

  /// Whether the next pair stays unwanted: it has converged, or cannot reach what is wanted.
  var isNextSettled: Bool {
    nextNorm.map { $0 <= targets[wanted] || pairs.values[wanted] + $0 <= reach } ?? true
  }

  /// Whether nothing of what is wanted, or may come to be, is left to improve.
  var isSettled: Bool { isConverged && isNextSettled }

  /// The pair to be improved: the wanted one farthest from convergence, or else the next one.
  var worst: Int {
    if isConverged && nextNorm != nil { return wanted }
    return norms.indices.max { norms[$0] / targets[$0] < norms[$1] / targets[$1] } ?? 0
  }
}
