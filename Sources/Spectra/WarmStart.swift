public import LinearAlgebra

/// What a search leaves behind for the next one, of an operator that has changed a little.
///
/// A plain value: written out and read back, it continues a sequence of searches with the same bits.
public struct WarmStart<Scalar: RealScalar> {
  /// The eigenvectors found, of norm 1, in the order of their values.
  public var vectors: [Vector<Scalar>]
  /// Where the next search expects them: extrapolated from this search and the one before.
  public var predictions: [Vector<Scalar>]
  /// A direction in which an eigenvalue that crosses from below shows up; nil where none is known.
  public var guardVector: Vector<Scalar>?
  /// The Ritz value from which the guard vector comes.
  public var guardValue: Double
  /// The smallest of the wanted values found.
  public var wantedValue: Double
  /// For how many searches no product was spent on the guard vector.
  public var searchesWithoutGuard: Int

  /// Creates a start from vectors that need be neither normalised nor independent.
  public init(_ vectors: [Vector<Scalar>]) {
    (self.vectors, predictions) = (vectors, vectors)
    (guardVector, guardValue, searchesWithoutGuard) = (nil, -.infinity, 0)
    wantedValue = .infinity
  }

  /// Creates the start that follows a search which found `vectors` and began from `last`.
  init(_ vectors: [Vector<Scalar>], after last: WarmStart?) {
    self.init(vectors)
    if let last { predictions = vectors.map { last.extrapolate(to: $0) } }
  }

  /// Whether the guard's eigenvalue may have overtaken a wanted one, as those at the edge of stability do again and again.
  ///
  /// The tenth is a compromise between products and misses (trials: decision 0014).
  var guardCompetes: Bool { guardValue > wantedValue - 0.1 * abs(wantedValue) }

  /// How far the last change of a vector is taken to go on: 1 would be all of it.
  ///
  /// Vectors carry errors of the size of the tolerance, which a larger factor amplifies (trials: decision 0012).
  private static var momentum: Double { 0.7 }

  /// A vector moved on by what it has left the span of the last vectors by.
  ///
  /// One that lay mostly outside of that span was not followed, so nothing is known of its course.
  private func extrapolate(to vector: Vector<Scalar>) -> Vector<Scalar> {
    let result = Vector<Scalar>(count: vector.count)
    let cosines = vector.dots(vectors)
    let length = cosines.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let momentum = length > 0.7 ? Self.momentum : 0
    let factors = cosines.map { -momentum * $0 / max(length, 0.7) }
    result.combine([vector] + vectors, factors: [1 + momentum] + factors)
    return result
  }
}
