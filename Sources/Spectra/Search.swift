internal import LinearAlgebra

/// One search of `BlockKrylov`: grows the basis until the wanted pairs have converged.
final class Search<Scalar: RealScalar> {
  private let method: BlockKrylov
  private let matrix: any SymmetricOperator<Scalar>
  private let random: Philox
  private let workspace: Workspace<Scalar>
  private let basis: RitzBasis<Scalar>
  private let wanted: Int
  private let capacity: Int
  private let residuals: [Vector<Scalar>]
  private var products = 0
  private var randomVectors = 0
  private var isFinite = true

  init(
    _ method: BlockKrylov, _ matrix: any SymmetricOperator<Scalar>, _ random: Philox,
    _ workspace: Workspace<Scalar>
  ) {
    (self.method, self.matrix, self.random, self.workspace) = (method, matrix, random, workspace)
    let dimension = matrix.dimension
    basis = RitzBasis(dimension: dimension, workspace: workspace)
    wanted = min(method.count, dimension)
    capacity = min(method.maximumBasis, dimension)
    residuals = (0..<wanted).map { _ in workspace.take(count: dimension) }
  }

  deinit { workspace.giveBack(residuals) }

  func runCold() throws -> Eigenpairs<Scalar> {
    try fillUp()
    return try grow { unconverged, _ in unconverged }
  }

  func runWarm(_ guess: [Vector<Scalar>]) throws -> Eigenpairs<Scalar> {
    for vector in guess.prefix(wanted) { try expand(vector) }
    if let last = guess.dropFirst(wanted).last {
      try expand(last, randomShare: 0.1)
    } else {
      try expandRandomly()
    }
    try fillUp()
    return try grow { unconverged, norms in unconverged.max { norms[$0] < norms[$1] }.map { [$0] } ?? [] }
  }

  // MARK: - The iteration

  /// Adds residuals of the pairs chosen by `select(unconverged, norms)` until all wanted ones have converged.
  private func grow(select: ([Int], [Double]) -> [Int]) throws -> Eigenpairs<Scalar> {
    while isFinite, let pairs = basis.ritzPairs() {
      let norms = writeResiduals(pairs)
      let target = max(
        method.tolerance * abs(pairs.values[0]), 32 * Double(Scalar.ulpOfOne) * pairs.largestMagnitude)
      let unconverged = norms.indices.filter { !(norms[$0] <= target) }
      if unconverged.isEmpty { return finish(pairs, norms, .converged) }
      if products >= method.maximumProducts { return finish(pairs, norms, .maximumProducts) }
      let selected = select(unconverged, norms)
      if capacity < basis.dimension && basis.count + selected.count > capacity {
        restart(pairs)
      }
      let before = basis.count
      for index in selected { try expand(residuals[index]) }
      if basis.count == before { try expandRandomly() }
      if basis.count == before { return finish(pairs, norms, .stagnated) }
    }
    return Eigenpairs(
      values: [Double](repeating: .nan, count: wanted), residuals: [Double](repeating: .nan, count: wanted),
      vectors: [], subspace: [], products: products, status: .notFinite)
  }

  /// Keeps the wanted pairs and a third of the room beside them, from both ends of the spectrum.
  ///
  /// A large negative end that is forgotten would be found again, because residuals lean to both ends.
  private func restart(_ pairs: RitzPairs) {
    let sixth = (capacity - wanted) / 6
    basis.compress(to: Array(0..<wanted + sixth) + Array((basis.count - sixth)..<basis.count), pairs)
  }

  /// Writes `A x - theta x` of every wanted pair and returns the norms.
  private func writeResiduals(_ pairs: RitzPairs) -> [Double] {
    residuals.indices.map { index in
      basis.writeImage(pairs.coefficients[index], shift: pairs.values[index], into: residuals[index])
      return residuals[index].norm
    }
  }

  // MARK: - Growing the basis

  /// Adds a direction, which has length 1 if `randomShare` is not 0, and its image.
  ///
  /// A random vector of length `randomShare` is added first. What lies in the space already is left out.
  private func expand(_ direction: Vector<Scalar>, randomShare: Double = 0) throws {
    precondition(direction.count == basis.dimension, "a starting vector has not the operator's dimension")
    guard isFinite, basis.count < basis.dimension else { return }
    let vector = workspace.take(count: basis.dimension)
    vector.copy(from: direction)
    if randomShare > 0 {
      let noise = nextRandomVector()
      vector.add(noise, scaledBy: randomShare / noise.norm)
      workspace.giveBack([noise])
    }
    guard vector.orthonormalize(against: basis.vectors) else { return workspace.giveBack([vector]) }
    let image = workspace.take(count: basis.dimension)
    try matrix.apply(vector, into: image)
    products += 1
    isFinite = image.isFinite
    basis.append(vector, image: image)
  }

  private func expandRandomly() throws {
    guard basis.count < basis.dimension else { return }
    let direction = nextRandomVector()
    try expand(direction)
    workspace.giveBack([direction])
  }

  /// Adds random directions until there are as many as wanted values.
  private func fillUp() throws {
    while isFinite, basis.count < wanted { try expandRandomly() }
  }

  private func nextRandomVector() -> Vector<Scalar> {
    let vector = workspace.take(count: basis.dimension)
    let first = UInt64(randomVectors) * UInt64(basis.dimension)
    random.fillUniform(vector.all, in: -1..<1, first: first)
    randomVectors += 1
    return vector
  }

  // MARK: - The result

  private func finish(_ pairs: RitzPairs, _ norms: [Double], _ status: SolverStatus) -> Eigenpairs<Scalar> {
    let vectors = (0..<wanted).map { index in
      let vector = Vector<Scalar>(count: basis.dimension)
      vector.combine(basis.vectors, factors: pairs.coefficients[index])
      vector.scale(by: 1 / vector.norm)
      return vector
    }
    return Eigenpairs(
      values: Array(pairs.values.prefix(wanted)), residuals: norms, vectors: vectors,
      subspace: vectors + guardVector(pairs, vectors), products: products, status: status)
  }

  /// One step of the power method for the best Ritz vector that is not wanted.
  ///
  /// The shift by the smallest Ritz value, where that is negative, keeps a large negative end of the spectrum
  /// from taking over.
  private func guardVector(_ pairs: RitzPairs, _ vectors: [Vector<Scalar>]) -> [Vector<Scalar>] {
    guard basis.count > wanted else { return [] }
    let vector = Vector<Scalar>(count: basis.dimension)
    basis.writeImage(pairs.coefficients[wanted], shift: min(0, pairs.values[basis.count - 1]), into: vector)
    return vector.orthonormalize(against: vectors) ? [vector] : []
  }
}
