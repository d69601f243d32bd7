import Foundation
import LinearAlgebra
import Testing

/// Sketches keep distances, of vectors that are spread and of those that are not.
@Suite struct SketchTests {
  private static let m = Sketch.dimension
  /// Long enough for 13 blocks, the last one with a part.
  private static let length = 12 * m + 1000

  private func norm(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  private func sketchedDistance(_ a: Vector<Double>, _ b: Vector<Double>) -> Double {
    norm(zip(Sketch.of(a), Sketch.of(b)).map { $0 - $1 })
  }

  @Test func shortVectorsAreTheirOwn() {
    for count in [1, 300, Self.m] {
      let vector = Vector<Float>(count: count)
      Philox(seed: 1, stream: .data).fillUniform(vector.all, in: -1..<1)
      #expect(Sketch.of(vector) == vector.array.map { Double($0) })
    }
    #expect(Sketch.of(Vector<Double>(count: Self.m + 1)).count == Self.m)
  }

  @Test func theyAreLinearAndThoseOfFloatAreExact() {
    let (a, b) = (Vector<Float>(count: Self.length), Vector<Float>(count: Self.length))
    Philox(seed: 1, stream: .data).fillUniform(a.all, in: -1..<1)
    Philox(seed: 2, stream: .data).fillUniform(b.all, in: -1..<1)
    let wide = [a, b].map { Vector($0.array.map { Double($0) }) }
    #expect(Sketch.of(a) == Sketch.of(wide[0]))
    let mixed = Vector<Double>(count: Self.length)
    mixed.mix(wide[0], by: 3, wide[1], by: -0.5)
    for (found, (x, y)) in zip(Sketch.of(mixed), zip(Sketch.of(a), Sketch.of(b))) {
      #expect(abs(found - (3 * x - 0.5 * y)) < 1e-12 * Double(Self.length).squareRoot())
    }
  }

  /// The Hadamard matrix and the signs are orthogonal: an error comes from the products of different blocks only.
  @Test(arguments: [0, 5, 12]) func insideOneBlockNormsAreExact(block: Int) {
    let vector = Vector<Double>(count: Self.length)
    let range = block * Self.m..<min((block + 1) * Self.m, Self.length)
    Philox(seed: 4, stream: .data).fillUniform(vector.slice(range), in: -1..<1)
    #expect(abs(norm(Sketch.of(vector)) / vector.norm - 1) < 1e-13)
  }

  /// A single element is spread evenly, with both signs.
  @Test(arguments: [0, 1, 4711, Self.m, 3 * Self.m + 17, Self.length - 1]) func elementsAreSpread(
    _ index: Int
  ) {
    let vector = Vector<Double>(count: Self.length)
    vector[index] = 2
    let sketch = Sketch.of(vector)
    let size = 2 / Double(Self.m).squareRoot()
    #expect(sketch.allSatisfy { abs(abs($0) / size - 1) < 1e-14 })
    // Half of the signs, within six standard deviations.
    #expect(abs(Double(sketch.count { $0 > 0 }) - Double(Self.m) / 2) < 3 * Double(Self.m).squareRoot())
  }

  /// In root mean square at most `1 / sqrt(2 m)`, 0.8 %; beyond 3 % with a probability of 1e-4 each.
  @Test func distancesOfSpreadVectorsAreKept() {
    var errors: [Double] = []
    let (base, other) = (Vector<Double>(count: Self.length), Vector<Double>(count: Self.length))
    Philox(seed: 5, stream: .data).fillUniform(base.all, in: -3..<3)
    for seed in 0..<60 {
      Philox(seed: UInt64(seed), stream: .probes).fillUniform(other.all, in: -1e-3..<1e-3)
      let distance = other.norm
      other.add(base)
      errors.append(sketchedDistance(base, other) / distance - 1)
    }
    #expect(errors.allSatisfy { abs($0) < 0.03 })
    let rms = norm(errors) / Double(errors.count).squareRoot()
    let expected = (1 - 1 / 12.1) / (2 * Double(Self.m)).squareRoot()
    #expect((0.6 * expected...1.4 * expected).contains(rms), "\(rms)")
  }

  /// Few elements, anywhere: those of one place in each block too, which nothing but the signs keeps apart.
  @Test(arguments: [2, 3, 7, 13, 40, 200]) func distancesOfFewElementsAreKept(_ count: Int) {
    for seed in 0..<20 {
      let random = Philox(seed: UInt64(seed), stream: .data, substream: UInt32(count))
      let (scattered, aligned) = (Vector<Double>(count: Self.length), Vector<Double>(count: Self.length))
      for i in 0..<count {
        scattered[Int(random.uniform(UInt64(i)) * Double(Self.length))] += i % 3 == 0 ? 1 : -0.5
        aligned[min(i % 12 * Self.m + 77, Self.length - 1)] = 1 + Double(seed)
      }
      for vector in [scattered, aligned] {
        #expect(abs(norm(Sketch.of(vector)) / vector.norm - 1) < 0.03, "\(count) \(seed)")
      }
    }
  }
}
