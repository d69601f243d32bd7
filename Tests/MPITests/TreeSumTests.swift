import MPI
import Testing

extension MPISuite {
  @Suite struct TreeSumTests {
    @Test(arguments: [0, 1, 2, 3, 7, 1000, 4097, 100_001])
    func theSumHasTheBitsOfTheCanonicalTree(count: Int) throws {
      try check(Float.self, count: count)
      try check(Double.self, count: count)
    }

    private func check<Scalar: MPIScalar & BinaryFloatingPoint>(_ type: Scalar.Type, count: Int) throws {
      let world = MPISuite.world()
      for members in groups(of: world.size) {
        var values: [Scalar] = vector(of: world.rank, count: count)
        if members.contains(world.rank) {
          var span = values.mutableSpan
          try world.treeSum(&span, among: members, tag: 21)
          let expected: [Scalar] = canonicalSum(members.map { vector(of: $0, count: count) })
          #expect(values == expected, "members \(members)")
        }
        try world.barrier()
      }
    }

    /// Groups of every power of two that fits: the first ranks, the last ones, and every other one downwards.
    private func groups(of size: Int) -> [[Int]] {
      var groups: [[Int]] = []
      var count = 1
      while count <= size {
        groups.append(Array(0..<count))
        groups.append(Array(size - count..<size).reversed())
        if 2 * count <= size { groups.append((0..<count).map { 2 * $0 + 1 }) }
        count *= 2
      }
      return groups
    }

    /// Numbers of very different sizes, so that the order of additions shows in the bits.
    private func vector<Scalar: BinaryFloatingPoint>(of rank: Int, count: Int) -> [Scalar] {
      var state = UInt64(rank + 1) &* 0x9E37_79B9_7F4A_7C15
      return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let mantissa = Scalar(Int64(bitPattern: state) >> 40) / 8_388_608
        return mantissa * Scalar(sign: .plus, exponent: Scalar.Exponent(state % 13), significand: 1)
      }
    }

    /// Siblings at distance 1, then 2, then 4, added one after the other.
    private func canonicalSum<Scalar: BinaryFloatingPoint>(_ vectors: [[Scalar]]) -> [Scalar] {
      guard vectors.count > 1 else { return vectors[0] }
      let parents = stride(from: 0, to: vectors.count, by: 2).map { left in
        zip(vectors[left], vectors[left + 1]).map { $0 + $1 }
      }
      return canonicalSum(parents)
    }
  }

  @Suite struct InterruptedSumTests {
    private struct Interruption: Error {}

    @Test(arguments: [10, 100_000])
    func aSumCanBeLeftWhileAMemberIsMissing(count: Int) throws {
      let world = MPISuite.world()
      guard world.size > 1, world.rank < 2 else { return try world.barrier() }
      if world.rank == 0 {
        var values = [Double](repeating: 1, count: count)
        #expect(throws: Interruption.self) {
          var span = values.mutableSpan
          try MPISuite.world().treeSum(&span, among: [0, 1], tag: 31) { throw Interruption() }
        }
        #expect(values.allSatisfy { $0 == 1 }, "a sum that was left leaves the vector as it was")
      }
      try world.barrier()
    }

    @Test func theNextSumAfterAnInterruptedOneIsRight() throws {
      let world = MPISuite.world()
      guard world.size > 1, world.rank < 2 else { return try world.barrier() }
      var values = [Float](repeating: Float(world.rank + 1), count: 50_000)
      var polls = 0
      if world.rank == 0 {
        #expect(throws: Interruption.self) {
          var span = values.mutableSpan
          try MPISuite.world().treeSum(&span, among: [0, 1], tag: 32) {
            polls += 1
            if polls == 3 { throw Interruption() }
          }
        }
      }
      var span = values.mutableSpan
      try world.treeSum(&span, among: [0, 1], tag: 33)
      #expect(values.allSatisfy { $0 == 3 })
      try world.barrier()
    }
  }
}
