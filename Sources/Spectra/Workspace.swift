public import LinearAlgebra

/// Long vectors that outlive a search, so that the next one need not allocate them.
public final class Workspace<Scalar: RealScalar> {
  private var unused: [Vector<Scalar>] = []

  /// Creates an empty workspace.
  public init() {}

  /// A vector with arbitrary contents.
  func take(count: Int) -> Vector<Scalar> {
    guard let last = unused.popLast(), last.count == count else { return Vector(count: count) }
    return last
  }

  func giveBack(_ vectors: [Vector<Scalar>]) { unused += vectors }
}
