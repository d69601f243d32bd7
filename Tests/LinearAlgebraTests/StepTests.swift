import LinearAlgebra
import Testing

@Suite struct StepTests {
  /// Lengths around the sizes of vector registers and tiles.
  static let counts = [0, 1, 3, 15, 16, 17, 511, 512, 513, 1300]

  private func random<Scalar: RealScalar>(_ count: Int, _ stream: UInt32) -> Vector<Scalar> {
    let vector = Vector<Scalar>(count: count)
    Philox(seed: 1, stream: .probes, substream: stream).fillNormal(vector.all)
    return vector
  }

  /// The last element of a vector has the same bits as the same element inside a longer one.
  @Test(arguments: counts.dropFirst())
  func bitsDoNotDependOnThePosition(count: Int) {
    let long: [Vector<Float>] = (0..<3).map { random(2000, UInt32($0)) }
    let short = long.map { Vector(Array($0.array.prefix(count))) }
    let scale = RootScale(correction: 1.7, epsilon: 1e-7, factor: 0.3)
    for vectors in [long, short] {
      vectors[1].averageSquare(of: vectors[0], decay: 0.999)
      vectors[1].multiply(by: vectors[1])
      vectors[2].mix(vectors[0], by: 0.3, vectors[2], by: 0.7)
      vectors[2].step(along: vectors[0], by: 0.01, scaledBy: vectors[1], scale)
      vectors[0].becomeScales(of: vectors[1], scale)
      vectors[2].combine(vectors, factors: [0.1, 0.2, 0.3])
    }
    for (long, short) in zip(long, short) { #expect(Array(long.array.prefix(count)) == short.array) }
  }
}
