internal import Digests

/// What a run carries from step to step besides what it records: everything it needs to go on, by name.
///
/// Names and texts hold no zero byte.
public struct SavedState: Sendable {
  /// Single numbers; all their bits are kept.
  public var numbers: [String: Double]
  /// Vectors of any length in the precision of the run; all their bits are kept.
  public var vectors: [String: Weights]
  /// Texts.
  public var texts: [String: String]

  /// Creates a state; it is empty unless told otherwise.
  public init(
    numbers: [String: Double] = [:], vectors: [String: Weights] = [:], texts: [String: String] = [:]
  ) {
    self.numbers = numbers
    self.vectors = vectors
    self.texts = texts
  }

  /// 64 hexadecimal digits that depend on every name and on every bit of every value.
  var checksum: String {
    var digest = Digest()
    digest.absorb(count: numbers.count)
    for (name, number) in numbers.byName {
      digest.absorb(name)
      digest.absorb(bitsOf: [number])
    }
    digest.absorb(count: vectors.count)
    for (name, vector) in vectors.byName {
      digest.absorb(name)
      digest.absorb(vector.isDouble ? "double" : "float")
      switch vector {
      case .float(let values): digest.absorb(bitsOf: values)
      case .double(let values): digest.absorb(bitsOf: values)
      }
    }
    digest.absorb(count: texts.count)
    for (name, text) in texts.byName {
      digest.absorb(name)
      digest.absorb(text)
    }
    return digest.hexadecimal()
  }
}

extension Dictionary where Key == String {
  /// The entries in the order of their names, which is the same every time.
  var byName: [(key: String, value: Value)] { sorted { $0.key < $1.key } }
}
