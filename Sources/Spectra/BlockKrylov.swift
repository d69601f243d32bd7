public import LinearAlgebra

/// The largest algebraic eigenvalues of a symmetric operator, by block Krylov spaces and Rayleigh-Ritz.
///
/// The space grows by residuals of the wanted Ritz pairs, the largest first: it is the Krylov space of Lanczos'
/// recurrence, but may start from any vectors. The products `W = A V` with the basis are kept, so that the true
/// residuals `||W y - theta V y||` cost no product. When the basis is full, the best Ritz vectors are kept
/// (thick restart: Wu and Simon, SIAM J. Matrix Anal. Appl. 22, 2000). Everything small is in `Double`.
///
/// - A pair that has converged is locked: no product is spent on it while others grow. It stays in the basis,
///   so that it goes on improving for nothing.
/// - A cold search starts from `count + 1` random vectors, so that so many copies of a repeated eigenvalue are found,
///   and goes on to ten directions at least.
/// - A warm search starts from the vectors of the last search, extrapolated. It ends with at least one direction
///   beyond the wanted pairs in its space: residuals, or else the *guard*. One step of the power method whenever
///   it is used drives the guard towards the largest eigenvalue that is *not* wanted, and a fresh random vector
///   is mixed in. Where the guard's value was not far below the wanted ones it is part of the start. So an eigenvalue
///   that crosses from below is noticed: at once if the guard held it, or if it is coupled to the others by more than the
///   tolerance; after some searches if nothing of that is so. A cold search now and then bounds that time
///   (`SpectrumTracker`). Between operators that have little in common only cold searches are certain.
/// - What changes the operator along a path are often the directions in which the path goes. So the displacement since the last
///   search, where it is known, is mixed into the guard. Where the first residuals are large, displacement and guard are both tried
///   before anything grows; where they are so large that the start is worthless, the search goes on to ten directions.
/// - No search ends while the next Ritz pair may, by its residual, reach the wanted ones.
/// - A search may want all eigenvalues above a limit, up to `maximumCount`, besides the largest `count`. Then it goes
///   on until the next Ritz value has converged or, in a warm search, cannot reach the limit by its residual. A cold
///   one also tries a random vector and its images beyond the pairs found, again after every time that finds more: another
///   copy of an eigenvalue, or one so close that the tolerance does not tell them apart, shows up in no residual. In a warm
///   one the guard does that, over some searches, until it is wanted itself. Neither is certain to find every copy.
///
/// The search is deterministic: the same operator, start and random numbers give the same bits.
public struct BlockKrylov: Sendable, Hashable {
  /// How many eigenvalues are wanted at least; fewer come back from an operator of smaller dimension.
  public let count: Int
  /// How many may be wanted because they lie above the limit of a search; at least `count`.
  public let maximumCount: Int
  /// The largest residual allowed, relative to the magnitude of its own Ritz value, but at least three tenths of the largest
  /// one's and at most all of that.
  public let tolerance: Double
  /// The number of products allowed; the start alone takes up to as many as it has vectors, and a guard.
  public let maximumProducts: Int
  /// The number of basis vectors kept, and as many images; at least `3 * maximumCount + 3`.
  public let maximumBasis: Int

  /// Creates a method.
  public init(
    count: Int, maximumCount: Int = 0, tolerance: Double = 5e-3, maximumProducts: Int = 200,
    maximumBasis: Int = 32
  ) {
    precondition(count > 0, "at least one eigenvalue must be wanted")
    precondition(tolerance > 0, "the tolerance of an eigenvalue is positive")
    self.count = count
    self.maximumCount = max(count, maximumCount)
    self.tolerance = tolerance
    self.maximumProducts = maximumProducts
    self.maximumBasis = max(maximumBasis, 3 * self.maximumCount + 3)
  }

  /// Searches for the largest eigenvalues.
  ///
  /// - Parameters:
  ///   - operator: the operator; only its errors are thrown.
  ///   - start: what the last search of a similar operator left behind; nil for a cold search.
  ///   - known: vectors that join the space of a cold search once it has converged, so that it finds no less than what
  ///     was known before.
  ///   - displacement: how the path has led here from the operator of the last search, in the coordinates of this one; a
  ///     warm search looks there too.
  ///   - limit: eigenvalues above it are wanted too, up to `maximumCount`.
  ///   - scale: a magnitude to which the tolerance refers where it exceeds that of the largest Ritz value.
  ///   - random: numbers for random directions, to be different in every search.
  ///   - workspace: memory that a later search of the same dimension may use again.
  /// - Returns: values, residuals and vectors, whether or not they have converged.
  /// - Throws: what the operator throws.
  public func largestEigenpairs<Scalar>(
    of operator: any SymmetricOperator<Scalar>, startingFrom start: WarmStart<Scalar>? = nil,
    joinedBy known: [Vector<Scalar>] = [], movedBy displacement: Vector<Scalar>? = nil,
    above limit: Double = .infinity, scale: Double = 0, random: Philox,
    workspace: Workspace<Scalar> = Workspace()
  ) throws -> Eigenpairs<Scalar> {
    precondition(`operator`.dimension > 0, "an operator without rows has no eigenvalues")
    let search = Search(self, `operator`, start, random, workspace)
    (search.limit, search.scale) = (limit, scale)
    search.displacement = displacement.flatMap { $0.norm > 0 && $0.norm.isFinite ? $0 : nil }
    search.known = start == nil ? known : []
    return try search.run()
  }
}
