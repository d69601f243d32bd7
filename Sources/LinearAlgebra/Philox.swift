internal import CVectorKernels

/// A counter-based random number generator: Philox 4x32 with 10 rounds.
///
/// A pure function from (seed, stream, substream, index) to numbers, so that what is drawn never depends on
/// what was drawn before, by whom, or in which order. Source: Salmon, Moraes, Dror and Shaw, "Parallel random
/// numbers: as easy as 1, 2, 3", SC 2011.
public struct Philox: Sendable, Hashable {
  /// What numbers are drawn for: two streams of one seed have nothing in common.
  public struct Stream: RawRepresentable, Sendable, Hashable {
    /// Distinguishes the streams.
    public let rawValue: UInt32

    /// Creates a stream; every use has a number of its own.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Initial weights.
    public static let initialization = Stream(rawValue: 1)
    /// The order of examples; the substream is the epoch.
    public static let batches = Stream(rawValue: 2)
    /// Synthetic data.
    public static let data = Stream(rawValue: 3)
    /// Random directions of measurements; the substream is the measurement.
    public static let probes = Stream(rawValue: 4)
    /// Probes of traces; the substream is the measurement, here and below.
    public static let trace = Stream(rawValue: 16)
    /// Start vectors of spectral densities.
    public static let density = Stream(rawValue: 17)
    /// Directions of searches layer by layer.
    public static let layers = Stream(rawValue: 18)
    /// Directions of searches in the Hessian of a batch.
    public static let batchHessian = Stream(rawValue: 19)
    /// Batches of the batch sharpness.
    public static let batchSharpness = Stream(rawValue: 20)
    /// Batches of the noise scale.
    public static let noiseScale = Stream(rawValue: 21)
    /// Directions of searches for the critical directions of a flow; the substream is the search.
    public static let flows = Stream(rawValue: 22)
    /// Signs of sketches; the substream is the block of the vector.
    public static let sketch = Stream(rawValue: 32)
  }

  private let key: SIMD2<UInt32>
  private let stream: Stream
  private let substream: UInt32

  /// Creates the generator of one stream.
  public init(seed: UInt64, stream: Stream, substream: UInt32 = 0) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.stream = stream
    self.substream = substream
  }

  /// 128 random bits: the block at an index.
  public func block(_ index: UInt64) -> SIMD4<UInt32> {
    let low = UInt32(truncatingIfNeeded: index), high = UInt32(truncatingIfNeeded: index >> 32)
    return Self.block(counter: SIMD4(low, high, substream, stream.rawValue), key: key)
  }

  /// The bijection itself, ten rounds of it.
  public static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var (x, key) = (counter, key)
    for _ in 0..<10 {
      let a = x[0].multipliedFullWidth(by: 0xD251_1F53)
      let b = x[2].multipliedFullWidth(by: 0xCD9E_8D57)
      x = SIMD4(b.high ^ x[1] ^ key[0], b.low, a.high ^ x[3] ^ key[1], a.low)
      key = key &+ SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return x
  }
}

extension Philox {
  /// 64 random bits; two neighbouring indices share a block.
  public func bits(_ index: UInt64) -> UInt64 {
    let words = block(index / 2)
    return index % 2 == 0 ? pair(words[0], words[1]) : pair(words[2], words[3])
  }

  /// The bits of the first indices, an even number of them.
  public func firstBits(_ count: Int) -> [UInt64] {
    precondition(count.isMultiple(of: 2), "two neighbouring indices share a block")
    var bits = [UInt64](repeating: 0, count: count)
    unsafe VectorKernels.table.philox(
      UInt64(key[1]) << 32 | UInt64(key[0]), substream, stream.rawValue, 0, &bits, count / 2)
    return bits
  }

  /// A number in [0, 1): a multiple of 2^-53.
  public func uniform(_ index: UInt64) -> Double { Double(bits(index) >> 11) * 0x1p-53 }

  /// A number of the standard normal distribution, by the method of Box and Muller.
  ///
  /// Block `index / 2` gives two uniform numbers `u`, `v` and two normal ones: `sqrt(-2 log(1 - u))` times
  /// `cos(2 pi v)` for an even index and times `sin(2 pi v)` for an odd one.
  public func normal(_ index: UInt64) -> Double {
    let bits = [bits(index / 2 * 2), bits(index / 2 * 2 + 1)]
    var numbers = [0.0, 0.0]
    unsafe VectorKernels.table.normals(bits, &numbers, 1)
    return numbers[Int(index % 2)]
  }

  /// Fills a slice with numbers in `[lowerBound, upperBound)`, drawn from index `first` on.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func fillUniform<Scalar>(
    _ slice: VectorSlice<Scalar>, in range: Range<Double> = 0..<1, first: UInt64 = 0
  ) {
    let width = range.upperBound - range.lowerBound
    fill(slice, first: first) { bits, numbers in
      for i in bits.indices { numbers[i] = range.lowerBound + width * (Double(bits[i] >> 11) * 0x1p-53) }
    }
  }

  /// Fills a slice with -1 and 1, each with probability 1/2, drawn from index `first` on.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func fillSigns<Scalar>(_ slice: VectorSlice<Scalar>, first: UInt64 = 0) {
    fill(slice, first: first) { bits, numbers in
      for i in bits.indices { numbers[i] = bits[i] >> 63 == 0 ? 1 : -1 }
    }
  }

  /// Fills a slice with numbers made of the bits from index `first` on, a few hundred blocks at a time.
  @inline(__always)
  private func fill<Scalar>(
    _ slice: VectorSlice<Scalar>, first: UInt64, _ make: ([UInt64], inout [Double]) -> Void
  ) {
    var bits = [UInt64](repeating: 0, count: 512), numbers = [Double](repeating: 0, count: 512)
    let wholeKey = UInt64(key[1]) << 32 | UInt64(key[0])
    let skipped = Int(first % 2)
    slice.withMutableSpan { elements in
      var index = 0
      while index < elements.count {
        // Only the first block can begin with a number that belongs to an index before `first`.
        let place = index == 0 ? skipped : 0
        let block = (first + UInt64(index)) / 2
        unsafe VectorKernels.table.philox(wholeKey, substream, stream.rawValue, block, &bits, bits.count / 2)
        let end = min(index + bits.count - place, elements.count)
        make(bits, &numbers)
        for i in index..<end { elements[i] = Scalar(numbers[place + i - index]) }
        index = end
      }
    }
  }

  /// Fills a slice with normal numbers of mean 0, drawn from index `first` on.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func fillNormal<Scalar>(
    _ slice: VectorSlice<Scalar>, standardDeviation: Double = 1, first: UInt64 = 0
  ) {
    fill(slice, first: first) { bits, numbers in
      unsafe VectorKernels.table.normals(bits, &numbers, bits.count / 2)
      for i in numbers.indices { numbers[i] *= standardDeviation }
    }
  }

  /// A permutation of `0..<count`, each equally likely up to `count / 2^64`: the shuffle of Fisher and Yates.
  public func permutation(count: Int) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) {
      let chosen = bits(UInt64(i)).multipliedFullWidth(by: UInt64(i) + 1).high
      order.swapAt(i, Int(chosen))
    }
    return order
  }

  private func pair(_ low: UInt32, _ high: UInt32) -> UInt64 { UInt64(high) << 32 | UInt64(low) }
}
