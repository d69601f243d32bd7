import CVectorKernels
import LinearAlgebra
import Testing

@Suite struct CombinationTests {
  /// Lengths around the sizes of registers, tiles and chunks.
  static let counts = [0, 1, 15, 17, 511, 513, 2047, 2048, 2049, 7000]

  private func random<Scalar: RealScalar>(_ count: Int, _ stream: UInt32) -> Vector<Scalar> {
    let vector = Vector<Scalar>(count: count)
    Philox(seed: 3, stream: .data, substream: stream).fillNormal(vector.all)
    return vector
  }

  @Test(arguments: counts)
  func dotsAndNormsAreTheSums(count: Int) {
    check(count, Float.self)
    check(count, Double.self)
  }

  private func check<Scalar: RealScalar>(_ count: Int, _: Scalar.Type) {
    let vectors: [Vector<Scalar>] = (0..<7).map { random(count, UInt32($0)) }
    let x = vectors[0]
    let dots = x.dots(vectors)
    for (vector, dot) in zip(vectors, dots) {
      let terms = (0..<count).map { Double(x[$0]) * Double(vector[$0]) }
      #expect(abs(dot - terms.reduce(0, +)) <= 1e-15 * Double(count) * (1 + terms.map(abs).reduce(0, +)))
      #expect(dot == x.dot(vector), "one at a time has the same bits")
    }
    #expect(x.norm == dots[0].squareRoot())
    #expect(x.dots([]).isEmpty)
    let factors = [[1.5, -2, 1e-3, 7, 0.1, -3, 2], [0, 0, 1, 0, 0, 0, 0]]
    let results: [Vector<Scalar>] = [Vector(count: count), Vector(count: count)]
    let norms = Vector.combine(vectors, factors: factors, into: results)
    #expect(norms == results.map(\.norm))
    #expect(results[1].array == vectors[2].array)
    for i in 0..<count {
      let exact = zip(vectors, factors[0]).reduce(0.0) { $0 + Double($1.0[i]) * $1.1 }
      #expect(abs(Double(results[0][i]) - exact) <= 64 * Double(Scalar.ulpOfOne))
    }
    #expect(vectors[3].combine(vectors, factors: factors[0]) == norms[0])
    #expect(vectors[3].array == results[0].array, "the result may be one of the terms")
    #expect(vectors[3].combine([], factors: []) == 0 && vectors[3].array.allSatisfy { $0 == 0 })
  }

  @Test func dotsDoNotDependOnAlignment() {
    let x: Vector<Float> = random(5000, 0), y: Vector<Float> = random(5000, 1)
    let expected = x.dot(y)
    let shifted = Vector<Float>(count: 5008)
    for offset in 0..<8 {
      shifted.slice(offset..<offset + 5000).copy(from: x.all)
      var rows = [Double](repeating: 0, count: 3)
      unsafe Float.kernels.pointee.dots(shifted.base + offset, [UnsafeRawPointer(y.base)], 1, &rows, 5000)
      #expect(rows[0] + (rows[1] + rows[2]) == expected, "three chunks, added along the tree")
    }
  }

  @Test func manyTermsAreSummedInDouble() {
    let ones = Vector<Float>(count: 100_000)
    ones.fill(1)
    let x = Vector<Float>(count: 100_000)
    x.fill(1e-8)
    x[3] = 1
    #expect(abs(x.dot(ones) - (1 + 99_999 * Double(Float(1e-8)))) < 1e-13)
  }
}
