public import LinearAlgebra

/// Follows the largest eigenvalues of an operator along a path on which it changes little by little.
///
/// Every search starts from what the last one found; now and then one starts cold, which finds what nothing
/// couples to the vectors that are followed, and takes these in at its end.
public struct SpectrumTracker<Scalar: RealScalar> {
  /// What is known so far; given to another tracker with the same settings, it continues with the same bits.
  public var state = State()
  private let method: BlockKrylov
  private let coldInterval: Int?

  /// Creates a tracker whose every `coldInterval`-th search starts cold; nil: only the first.
  public init(_ method: BlockKrylov, coldInterval: Int? = 50) {
    (self.method, self.coldInterval) = (method, coldInterval)
  }

  /// The eigenvectors that the last search found; none before the first.
  public var lastVectors: [Vector<Scalar>] { state.start?.vectors ?? [] }

  /// Searches at the next point of the path.
  ///
  /// The parameters are those of `BlockKrylov.largestEigenpairs`.
  ///
  /// - Throws: what the operator throws.
  public mutating func next(
    _ operator: any SymmetricOperator<Scalar>, above limit: Double = .infinity, scale: Double = 0,
    random: Philox, workspace: Workspace<Scalar> = Workspace()
  ) throws -> Eigenpairs<Scalar> {
    let isCold = coldInterval.map { state.searches % $0 == 0 } ?? false
    let pairs = try method.largestEigenpairs(
      of: `operator`, startingFrom: isCold ? nil : state.start, joinedBy: lastVectors, above: limit,
      scale: scale, random: random, workspace: workspace)
    state.searches += 1
    state.start = pairs.start
    return pairs
  }
}

extension SpectrumTracker {
  /// What a tracker knows, as a plain value; for a file it is numbers and vectors by name.
  public struct State {
    /// The number of searches so far.
    public var searches = 0
    /// What the last search left behind; nil before the first, and after one that failed.
    public var start: WarmStart<Scalar>?

    /// Creates the state before the first search.
    public init() {}

    /// Takes back what `numbers` and `vectors` gave; nil where something is missing.
    public init?(numbers: [String: Double], vectors: [String: Vector<Scalar>]) {
      guard let count = numbers["searches"].flatMap(Int.init(exactly:)),
        let pairs = numbers["pairs"].flatMap(Int.init(exactly:)), pairs >= 0
      else { return nil }
      searches = count
      guard pairs > 0 else { return }
      let found = (0..<pairs).compactMap { vectors["vector\($0)"] }
      let predictions = (0..<pairs).compactMap { vectors["prediction\($0)"] }
      guard found.count == pairs, predictions.count == pairs, let value = numbers["guardValue"],
        let unguarded = numbers["searchesWithoutGuard"].flatMap(Int.init(exactly:)),
        let wanted = numbers["wantedValue"], numbers["guards"] == (vectors["guard"] == nil ? 0 : 1)
      else { return nil }
      var start = WarmStart(found)
      (start.predictions, start.guardVector) = (predictions, vectors["guard"])
      (start.guardValue, start.searchesWithoutGuard) = (value, unguarded)
      start.wantedValue = wanted
      self.start = start
    }

    /// The numbers by name.
    public var numbers: [String: Double] {
      var numbers = ["searches": Double(searches), "pairs": Double(start?.vectors.count ?? 0)]
      guard let start else { return numbers }
      numbers["guards"] = start.guardVector == nil ? 0 : 1
      numbers["guardValue"] = start.guardValue
      numbers["wantedValue"] = start.wantedValue
      numbers["searchesWithoutGuard"] = Double(start.searchesWithoutGuard)
      return numbers
    }

    /// The vectors by name, each of the operator's dimension.
    public var vectors: [String: Vector<Scalar>] {
      guard let start else { return [:] }
      var vectors: [String: Vector<Scalar>] = [:]
      for (index, vector) in start.vectors.enumerated() { vectors["vector\(index)"] = vector }
      for (index, vector) in start.predictions.enumerated() { vectors["prediction\(index)"] = vector }
      vectors["guard"] = start.guardVector
      return vectors
    }
  }
}
