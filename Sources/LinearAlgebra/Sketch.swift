internal import CVectorKernels

/// A random linear projection of long vectors that nearly keeps distances.
///
/// It is the same for all vectors of a length, whatever run they belong to, so that the sketches of any two can be held
/// against each other.
///
/// A vector of at most `dimension` elements is its own sketch. A longer one is cut into blocks of that length, the last
/// filled up with zeros, and its sketch is `m^(-1/2) sum_b D'_b H D_b x_b`, with the Hadamard matrix `H` of order
/// `m = dimension` and random diagonals `D_b`, `D'_b` of signs (a randomised Hadamard transform by blocks: Balabanov,
/// Beaupère, Grigori and Lederer 2022, arXiv 2210.11295, here without sampling). For every vector the squared norm of the
/// sketch has the squared norm of the vector as its mean, and a relative variance of at most `2 / m`: the errors come from
/// the products of different blocks alone, and `H D_b` spreads each of them evenly, so that a vector of few large
/// elements is as harmless as one of many small ones. A norm is off by 0.8 % in root mean square, and by more than 3 %
/// with a probability of about 1e-4.
///
/// The work is 13 additions and 2 random bits per element: 2.4 ns on one core of a Xeon, 1.6 ms for 656,810 weights.
public enum Sketch {
  /// The length of the sketches of longer vectors.
  public static let dimension = Int(VK_SKETCH)

  /// The length of the sketch of a vector of so many elements.
  public static func count(of elements: Int) -> Int { min(elements, dimension) }

  /// The sketch of a vector; the same bits on every CPU.
  public static func of<Scalar: RealScalar>(_ vector: Vector<Scalar>) -> [Double] {
    guard vector.count > dimension else { return vector.array.map { Double($0) } }
    var (block, sketch) = ([Double](repeating: 0, count: dimension), [Double](repeating: 0, count: dimension))
    for (index, start) in stride(from: 0, to: vector.count, by: dimension).enumerated() {
      let part = vector.slice(start..<min(start + dimension, vector.count))
      let signs = Philox(seed: 0, stream: .sketch, substream: UInt32(index)).firstBits(2 * dimension / 64)
      unsafe Scalar.kernels.pointee.add_to_sketch(part.base, part.count, signs, &block, &sketch)
    }
    let factor = 1 / Double(dimension).squareRoot()
    return sketch.map { $0 * factor }
  }
}
