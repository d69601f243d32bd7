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
    _ operator: any SymmetricOperator<Scalar>, movedBy displacement: Vector<Scalar>? = nil,
    above limit: Double = .infinity, scale: Double = 0, random: Philox,
    workspace: Workspace<Scalar> = Workspace()
  ) throws -> Eigenpairs<Scalar> {
    let isCold = coldInterval.map { state.searches % $0 == 0 } ?? false
    let pairs = try method.largestEigenpairs(
      of: `operator`, startingFrom: isCold ? nil : state.start, joinedBy: lastVectors, movedBy: displacement,
      above: limit, scale: scale, random: random, workspace: workspace)
    state.searches += 1
    state.start = pairs.start
    return pairs
  }
}

extension SpectrumTracker {
  /// What a tracker knows, as a plain value.
  public struct State: Carrying {
    /// The number of searches so far.
    public var searches = 0
    /// What the last search left behind; nil before the first, and after one that failed.
    public var start: WarmStart<Scalar>?

    /// Creates the state before the first search.
    public init() {}

    /// The vectors are each of the operator's dimension, and are never changed.
    public var carried: CarriedState<Scalar> {
      var state = CarriedState<Scalar>()
      state.numbers = ["searches": Double(searches), "pairs": Double(start?.vectors.count ?? 0)]
      guard let start else { return state }
      state.numbers["guards"] = start.guardVector == nil ? 0 : 1
      state.numbers["guardValue"] = start.guardValue
      state.numbers["wantedValue"] = start.wantedValue
      state.numbers["searchesWithoutGuard"] = Double(start.searchesWithoutGuard)
      for (index, vector) in start.vectors.enumerated() { state.vectors["vector\(index)"] = vector }
      for (index, vector) in start.predictions.enumerated() { state.vectors["prediction\(index)"] = vector }
      state.vectors["guard"] = start.guardVector
      return state
    }

    /// Takes back what was carried; where something is missing it stays as it is.
    public mutating func restore(_ state: CarriedState<Scalar>) -> Bool {
      guard let searches = state.count("searches"), let pairs = state.count("pairs") else { return false }
      var start: WarmStart<Scalar>?
      if pairs > 0 {
        guard let read = WarmStart(state, pairs: pairs) else { return false }
        start = read
      }
      (self.searches, self.start) = (searches, start)
      return true
    }
  }
}

extension WarmStart {
  /// Reads a start of so many pairs; nil where something is missing.
  fileprivate init?(_ state: CarriedState<Scalar>, pairs: Int) {
    let found = (0..<pairs).compactMap { state.vectors["vector\($0)"] }
    let predictions = (0..<pairs).compactMap { state.vectors["prediction\($0)"] }
    guard found.count == pairs, predictions.count == pairs, let value = state.numbers["guardValue"],
      let unguarded = state.count("searchesWithoutGuard"), let wanted = state.numbers["wantedValue"],
      state.numbers["guards"] == (state.vectors["guard"] == nil ? 0 : 1)
    else { return nil }
    self.init(found)
    (self.predictions, guardVector) = (predictions, state.vectors["guard"])
    (guardValue, searchesWithoutGuard, wantedValue) = (value, unguarded, wanted)
  }
}
