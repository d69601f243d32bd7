internal import Foundation
public import Learning
public import LinearAlgebra

/// What a group of ranks promises by being a `GroupReduction`; every one of them is held against this.
public enum ReductionConformance {
  /// The promises that one member of a group breaks, in words; none where it keeps all.
  ///
  /// All members call it at the same time. Their vectors hold numbers of very different sizes, so that the order of
  /// additions shows in the bits.
  public static func faults<Scalar: RealScalar>(
    of member: any GroupReduction, as scalar: Scalar.Type, count: Int
  ) throws -> [String] {
    var faults: [String] = []
    if member.size.nonzeroBitCount != 1 { faults.append("its size is no power of two") }
    if !(0..<member.size).contains(member.rank) { faults.append("its rank lies outside of the group") }
    for round in 0..<2 {
      let vector: Vector<Scalar> = Vector(values(rank: member.rank, round: round, count: count))
      try member.sum(vector)
      let expected: [Scalar] = canonicalSum(
        (0..<member.size).map { values(rank: $0, round: round, count: count) })
      if vector.array != expected { faults.append("sum \(round) has not the bits of the canonical tree") }
    }
    return faults
  }

  private static func values<Scalar: RealScalar>(rank: Int, round: Int, count: Int) -> [Scalar] {
    let random = Philox(seed: UInt64(rank), stream: .data, substream: UInt32(round))
    return (0..<count).map { index in
      Scalar(random.normal(UInt64(index)) * pow(10, Double((index + 3 * rank) % 9)))
    }
  }

  /// Siblings next to one another, then their parents: the tree of `CanonicalTree`, whose halves are equal here.
  private static func canonicalSum<Scalar: RealScalar>(_ vectors: [[Scalar]]) -> [Scalar] {
    guard vectors.count > 1 else { return vectors[0] }
    let (left, right) = CanonicalTree.halves(of: vectors.indices)
    return zip(canonicalSum(Array(vectors[left])), canonicalSum(Array(vectors[right]))).map { $0 + $1 }
  }
}
