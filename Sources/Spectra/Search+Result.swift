internal import LinearAlgebra

extension Search {
  /// The result where a product was not finite.
  var failed: Eigenpairs<Scalar> {
    let missing = [Double](repeating: .nan, count: wantedAtLeast)
    return Eigenpairs(
      values: missing, residuals: missing, errors: missing, converged: missing.map { _ in false },
      vectors: [],
      start: nil, products: products, status: .notFinite)
  }

  /// The result where the search ends with these pairs.
  func finish(_ round: Round, _ status: SolverStatus) -> Eigenpairs<Scalar> {
    let vectors = (0..<round.wanted).map { _ in Vector<Scalar>(count: basis.dimension) }
    let lengths = basis.writeVectors(Array(round.pairs.coefficients.prefix(round.wanted)), into: vectors)
    for (vector, length) in zip(vectors, lengths) { vector.scale(by: 1 / length) }
    return Eigenpairs(
      values: Array(round.pairs.values.prefix(round.wanted)), residuals: round.norms, errors: errors(round),
      converged: round.converged, vectors: vectors, start: nextStart(round, vectors), products: products,
      status: status)
  }

  /// The next Ritz value stands for all eigenvalues below, unless the guard knows of a higher one.
  ///
  /// How far that one is from an eigenvalue of this matrix is not known, so it leaves no gap to rely on.
  private func errors(_ round: Round) -> [Double] {
    let isComplete = basis.count == basis.dimension
    let known = knowsBetterGuard(round) && !isComplete ? round.wanted : min(round.wanted + 1, basis.count)
    let next = writeResiduals(round.wanted..<known, round.pairs)
    return ErrorEstimate.errors(
      values: Array(round.pairs.values.prefix(known)), residuals: round.norms + next, wanted: round.wanted,
      isComplete: isComplete)
  }

  // MARK: - What the next search starts from

  private func nextStart(_ round: Round, _ vectors: [Vector<Scalar>]) -> WarmStart<Scalar> {
    var next = WarmStart(vectors, after: start)
    next.wantedValue = round.pairs.values[round.wanted - 1]
    guard basis.count > round.wanted else { return next }
    if let start, let old = start.guardVector, knowsBetterGuard(round) {
      next.guardVector = orthogonal(old, to: vectors)
      next.guardValue = start.guardValue
    } else {
      next.guardVector = powerStep(round, vectors)
      next.guardValue = round.pairs.values[round.wanted]
    }
    if let start, !isGuarded { next.searchesWithoutGuard = start.searchesWithoutGuard + 1 }
    return next
  }

  /// Whether the guard was not tried, and comes from a higher value than the best Ritz value that is not wanted.
  private func knowsBetterGuard(_ round: Round) -> Bool {
    guard let start, start.guardVector != nil, !isGuarded, basis.count > round.wanted else { return false }
    return start.guardValue > round.pairs.values[round.wanted]
  }

  /// One step of the power method for the best Ritz vector that is not wanted.
  ///
  /// The shift by the smallest Ritz value, where that is negative, keeps a large negative end of the spectrum
  /// from taking over.
  private func powerStep(_ round: Round, _ vectors: [Vector<Scalar>]) -> Vector<Scalar>? {
    let vector = Vector<Scalar>(count: basis.dimension)
    let shift = min(0, round.pairs.values[basis.count - 1])
    basis.writeImages([round.pairs.coefficients[round.wanted]], shifts: [shift], into: [vector])
    return vector.orthonormalize(against: vectors) ? vector : nil
  }

  private func orthogonal(_ direction: Vector<Scalar>, to vectors: [Vector<Scalar>]) -> Vector<Scalar>? {
    let vector = Vector<Scalar>(count: basis.dimension)
    vector.copy(from: direction)
    return vector.orthonormalize(against: vectors) ? vector : nil
  }
}
