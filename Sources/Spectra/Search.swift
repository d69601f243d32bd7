internal import LinearAlgebra

/// One search of `BlockKrylov`: grows the basis until the wanted pairs have converged.
final class Search<Scalar: RealScalar> {
  /// Eigenvalues above it are wanted too.
  var limit = Double.infinity
  /// A magnitude to which the tolerance refers where it is the larger one.
  var scale = 0.0
  /// Vectors that join the space of a cold search once it has converged.
  var known: [Vector<Scalar>] = []
  /// How the path has led here from the last operator, where that is known.
  var displacement: Vector<Scalar>?
  let start: WarmStart<Scalar>?
  let basis: RitzBasis<Scalar>
  private(set) var products = 0
  /// Whether the guard vector has been tried.
  private(set) var isGuarded = false
  /// The largest first residual of a warm search relative to the largest value: how far the start has led it astray.
  private var surprise: Double?
  private let method: BlockKrylov
  private let matrix: any SymmetricOperator<Scalar>
  private let random: Philox
  private let workspace: Workspace<Scalar>
  private let capacity: Int
  private var residuals: [Vector<Scalar>] = []
  private var randomVectors = 0
  private var isFinite = true
  /// How many values were wanted when a search with a limit last tried a random vector, or a guard, beyond them.
  private var lookedBeyond: Int

  /// After so many searches without it the guard is part of the start.
  private static var guardInterval: Int { 4 }
  /// Where a residual of the start is larger, relative to the largest value, further directions are tried (trials: decision 0025).
  private static var surprisingResidual: Double { 0.25 }
  /// Where it is larger than this, the start is worth no more than random vectors.
  private static var misleadingResidual: Double { 0.7 }
  /// A cold search has at least so many directions: the residual of a single random vector is small in a large space.
  private static var fewestDirections: Int { 10 }

  init(
    _ method: BlockKrylov, _ matrix: any SymmetricOperator<Scalar>, _ start: WarmStart<Scalar>?,
    _ random: Philox, _ workspace: Workspace<Scalar>
  ) {
    (self.method, self.matrix, self.start) = (method, matrix, start)
    (self.random, self.workspace) = (random, workspace)
    lookedBeyond = start?.vectors.count ?? 0
    basis = RitzBasis(dimension: matrix.dimension, workspace: workspace)
    capacity = min(method.maximumBasis, matrix.dimension)
  }

  deinit { workspace.giveBack(residuals) }

  func run() throws -> Eigenpairs<Scalar> {
    try begin()
    while isFinite, let pairs = basis.ritzPairs() {
      let round = examine(pairs)
      if try looksAround(round) { continue }
      if let status = verdict(round) { return finish(round, status) }
      if capacity < basis.dimension && basis.count >= capacity { restart(round) }
      let before = basis.count
      try grow(round)
      if basis.count == before { return finish(round, .stagnated) }
    }
    return failed
  }

  // MARK: - The iteration

  /// The number of values wanted in any case.
  var wantedAtLeast: Int { min(method.count, basis.dimension) }

  /// The starting vectors, filled up with random ones until there are as many as wanted values, in a cold search one more.
  ///
  /// The guard is among them when it was not used for long, where its value was not far below the wanted ones, and where
  /// the next eigenvalue decides how many are wanted.
  private func begin() throws {
    for vector in start?.predictions ?? [] { try expand(vector) }
    let isOverdue = start.map { $0.searchesWithoutGuard + 1 >= Self.guardInterval } ?? false
    if isOverdue || limit.isFinite || start?.guardCompetes ?? false { try expandByGuard() }
    let fewest = min(start == nil ? wantedAtLeast + 1 : wantedAtLeast, basis.dimension)
    while isFinite, basis.count < fewest { try expandRandomly() }
  }

  /// Tries the guard and the displacement where the first residuals of a warm search are large, and says whether that
  /// has added anything.
  ///
  /// Where the operator has changed that much, growth from the followed vectors may pass by an eigenvector that nothing couples to them.
  private func looksAround(_ round: Round) throws -> Bool {
    guard start != nil, surprise == nil else { return false }
    let first = (round.norms.max() ?? 0) / max(abs(round.pairs.values[0]), scale)
    surprise = first
    guard first > Self.surprisingResidual else { return false }
    let before = basis.count
    if let displacement { try expand(displacement) }
    if !isGuarded { try expandByGuard() }
    return basis.count > before
  }

  /// The wanted Ritz pairs and their residuals, also that of the next pair: it may have to be wanted.
  ///
  /// In a cold search with a limit it must converge: its first Ritz values may lie far below the eigenvalue it leads to.
  private func examine(_ pairs: RitzPairs) -> Round {
    let above = pairs.values.prefix { $0 > limit }.count
    let wanted = min(max(wantedAtLeast, min(above, method.maximumCount)), basis.count)
    let mostWanted = limit.isFinite ? min(method.maximumCount, basis.count) : basis.count
    let norms = writeResiduals(0..<(wanted < mostWanted ? wanted + 1 : wanted), pairs)
    let reach = !limit.isFinite ? pairs.values[wanted - 1] : start == nil ? -.infinity : limit
    return Round(pairs: pairs, norms: norms, wanted: wanted, targets: targets(pairs), reach: reach)
  }

  /// The residual norm at which each pair has converged: the tolerance, or what rounding errors leave of any.
  ///
  /// Held against the largest value alone, the tolerance would let a small one pass with a residual of its own size. So it
  /// is held against each value itself, or three tenths of the largest (trials: decision 0025).
  private func targets(_ pairs: RitzPairs) -> [Double] {
    let largest = abs(pairs.values[0])
    let rounding = 32 * Double(Scalar.ulpOfOne) * pairs.largestMagnitude
    return pairs.values.map { value in
      max(method.tolerance * max(scale, min(largest, max(abs(value), 0.3 * largest))), rounding)
    }
  }

  /// Why the search ends here; nil: it goes on.
  private func verdict(_ round: Round) -> SolverStatus? {
    let isOutOfProducts = products >= method.maximumProducts
    guard round.isSettled && !mustLookBeyond(round) else {
      return isOutOfProducts ? .maximumProducts : nil
    }
    if !isOutOfProducts && (hasFewDirections || !known.isEmpty) { return nil }
    // A direction beyond the wanted pairs must have been tried.
    let hasMore = basis.count > round.wanted || basis.count == basis.dimension
    return hasMore || isOutOfProducts ? .converged : nil
  }

  /// Whether copies of an eigenvalue above the limit may be missing.
  ///
  /// Residuals of pairs that have been found never lead to another copy. A warm search has the guard for that, until
  /// that is wanted itself.
  private func mustLookBeyond(_ round: Round) -> Bool {
    limit.isFinite && basis.count < basis.dimension && round.wanted < method.maximumCount
      && round.wanted > lookedBeyond
  }

  private var hasFewDirections: Bool {
    let isCold = start == nil || surprise ?? 0 > Self.misleadingResidual
    return isCold && basis.count < min(Self.fewestDirections, basis.dimension)
  }

  /// Adds the largest residual; where all pairs have converged the guard, a random vector and two of its images, or what
  /// was known before.
  private func grow(_ round: Round) throws {
    let before = basis.count
    if round.isSettled && !mustLookBeyond(round) && !hasFewDirections {
      for vector in known { try expand(vector) }
      known = []
    }
    if round.isConverged && !isGuarded { try expandByGuard() }
    if round.isSettled && mustLookBeyond(round) {
      lookedBeyond = round.wanted
      try expandRandomly()
      for _ in 0..<2 where isFinite { if let image = basis.images.last { try expand(image) } }
    }
    if basis.count == before { try expand(residuals[round.worst]) }
    if basis.count == before { try expandRandomly() }
  }

  /// Keeps the wanted pairs and a third of the room beside them, from both ends of the spectrum.
  ///
  /// A large negative end that is forgotten would be found again, because residuals lean to both ends.
  private func restart(_ round: Round) {
    let sixth = (capacity - round.wanted) / 6
    let kept = Array(0..<round.wanted + sixth) + Array((basis.count - sixth)..<basis.count)
    basis.compress(to: kept, round.pairs)
  }

  /// Writes `A x - theta x` of Ritz pairs and returns the norms.
  func writeResiduals(_ range: Range<Int>, _ pairs: RitzPairs) -> [Double] {
    while residuals.count < range.upperBound { residuals.append(workspace.take(count: basis.dimension)) }
    return basis.writeImages(
      Array(pairs.coefficients[range]), shifts: Array(pairs.values[range]), into: Array(residuals[range]))
  }

  // MARK: - Growing the basis

  /// Adds a direction and its image; what lies in the space already is left out.
  private func expand(_ direction: Vector<Scalar>) throws {
    precondition(direction.count == basis.dimension, "a starting vector has not the operator's dimension")
    guard isFinite, basis.count < basis.dimension else { return }
    let vector = workspace.take(count: basis.dimension)
    vector.copy(from: direction)
    guard vector.orthonormalize(against: basis.vectors) else { return workspace.giveBack([vector]) }
    let image = workspace.take(count: basis.dimension)
    try matrix.apply(vector, into: image)
    products += 1
    isFinite = basis.append(vector, image: image)
  }

  /// Adds the guard vector with the displacement in equal parts, and a random vector of a tenth of its length.
  private func expandByGuard() throws {
    guard let guardVector = start?.guardVector else { return }
    isGuarded = true
    let noise = nextRandomVector()
    noise.mix(guardVector, by: 1, noise, by: 0.1 / noise.norm)
    if let displacement { noise.add(displacement, scaledBy: 1 / displacement.norm) }
    try expand(noise)
    workspace.giveBack([noise])
  }

  private func expandRandomly() throws {
    guard basis.count < basis.dimension else { return }
    let direction = nextRandomVector()
    try expand(direction)
    workspace.giveBack([direction])
  }

  private func nextRandomVector() -> Vector<Scalar> {
    let vector = workspace.take(count: basis.dimension)
    let first = UInt64(randomVectors) * UInt64(basis.dimension)
    random.fillUniform(vector.all, in: -1..<1, first: first)
    randomVectors += 1
    return vector
  }
}
