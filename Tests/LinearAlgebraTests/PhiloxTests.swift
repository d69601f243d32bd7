import LinearAlgebra
import Testing

@Suite struct PhiloxTests {
  /// The known answers for philox4x32-10 that come with the authors' Random123 library.
  @Test func knownAnswers() {
    let zeros = Philox.block(counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0))
    #expect(zeros == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = Philox.block(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
    #expect(ones == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    let pi = Philox.block(
      counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: SIMD2(0xa409_3822, 0x299f_31d0)
    )
    #expect(pi == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func streamsSubstreamsAndSeedsDiffer() {
    let first = Philox(seed: 1, stream: .data).bits(0)
    #expect(first != Philox(seed: 2, stream: .data).bits(0))
    #expect(first != Philox(seed: 1 + 1 << 40, stream: .data).bits(0))
    #expect(first != Philox(seed: 1, stream: .batches).bits(0))
    #expect(first != Philox(seed: 1, stream: .data, substream: 1).bits(0))
  }

  @Test func uniformNumbersFillTheUnitInterval() {
    let random = Philox(seed: 3, stream: .data)
    let numbers = (0..<20_000).map { random.uniform(UInt64($0)) }
    #expect(numbers.allSatisfy { $0 >= 0 && $0 < 1 })
    var bins = [Int](repeating: 0, count: 10)
    for number in numbers { bins[Int(number * 10)] += 1 }
    // Each bin holds 2000 +- 42; five standard deviations.
    #expect(bins.allSatisfy { abs($0 - 2000) < 212 })
  }

  @Test func normalNumbersHaveTheirMoments() {
    let count = 20_000, vector = Vector<Double>(count: count)
    Philox(seed: 4, stream: .data).fillNormal(vector.all, standardDeviation: 2)
    let values = vector.array.map { $0 / 2 }
    for (power, moment, deviation) in [(1, 0.0, 1.0), (2, 1, 1.42), (3, 0, 3.88), (4, 3, 9.8)] {
      let powers = values.map { x in (0..<power).reduce(1) { product, _ in product * x } }
      let mean = powers.reduce(0, +) / Double(count)
      #expect(abs(mean - moment) < 5 * deviation / Double(count).squareRoot())
    }
  }

  @Test func fillingInPartsGivesTheSameNumbers() {
    let random = Philox(seed: 5, stream: .initialization)
    let whole = Vector<Float>(count: 101), parts = Vector<Float>(count: 101)
    random.fillUniform(whole.all, in: -2..<3)
    random.fillUniform(parts.slice(0..<37), in: -2..<3)
    random.fillUniform(parts.slice(37..<101), in: -2..<3, first: 37)
    #expect(whole.array == parts.array)
    #expect(whole.array.allSatisfy { $0 >= -2 && $0 <= 3 })
  }

  @Test(arguments: [0, 1, 7, 1 << 33 - 5], [1, 511, 512, 1300])
  func fillingGivesTheNumbersOfTheIndices(first: UInt64, count: Int) {
    let random = Philox(seed: 0xFEDC_BA98_7654_3210, stream: .probes, substream: 9)
    let uniform = Vector<Double>(count: count), signs = Vector<Float>(count: count)
    random.fillUniform(uniform.all, first: first)
    random.fillSigns(signs.all, first: first)
    for i in 0..<count {
      #expect(uniform[i] == random.uniform(first + UInt64(i)))
      #expect(signs[i] == (random.bits(first + UInt64(i)) >> 63 == 0 ? 1 : -1))
    }
  }

  @Test(arguments: [0, 1, 2, 3, 100])
  func permutationsHoldEveryNumberOnce(count: Int) {
    let order = Philox(seed: 6, stream: .batches).permutation(count: count)
    #expect(order.sorted() == Array(0..<count))
  }

  @Test func permutationsAreUniform() {
    var seen: [[Int]: Int] = [:]
    for epoch in 0..<6000 {
      seen[Philox(seed: 7, stream: .batches, substream: UInt32(epoch)).permutation(count: 3), default: 0] += 1
    }
    #expect(seen.count == 6)
    // 1000 +- 29 each; five standard deviations.
    #expect(seen.values.allSatisfy { abs($0 - 1000) < 145 })
  }
}
