public import LinearAlgebra

/// The ranks that share one run, each of which computes one subtree of the blocks.
public protocol GroupReduction: AnyObject {
  /// Which subtree this rank computes, counted from the left.
  var rank: Int { get }
  /// The number of ranks: a power of two.
  var size: Int { get }

  /// Whether this member wishes that all leave the run; with the next sum they learn of it.
  var wishesToLeave: Bool { get }

  /// Called after every block, so that a rank is not deaf while it computes.
  ///
  /// - Throws: what makes this rank leave the run at once, alone.
  func heartbeat() throws

  /// Replaces the vector of every rank by the sum over ranks along the canonical tree, the same bits on each.
  func sum<Scalar: RealScalar>(_ vector: Vector<Scalar>) throws
}

extension GroupReduction {
  /// No.
  public var wishesToLeave: Bool { false }
  /// Nothing.
  public func heartbeat() throws {}
}

/// A group of one rank.
public final class SoloReduction: GroupReduction {
  /// Creates the group.
  public init() {}

  /// The only subtree.
  public var rank: Int { 0 }
  /// One rank.
  public var size: Int { 1 }

  /// Leaves the vector as it is.
  public func sum<Scalar: RealScalar>(_ vector: Vector<Scalar>) {}
}
