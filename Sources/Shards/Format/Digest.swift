internal import Crypto

/// The SHA-256 digest (FIPS 180-4) of numbers and texts, little-endian and unambiguous: every list and every text
/// comes after its length.
struct Digest {
  private var hash = SHA256()

  /// The 32 bytes of the digest.
  var bytes: [UInt8] { Array(hash.finalize()) }

  /// The digest as 64 hexadecimal digits.
  var hexadecimal: String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }

  /// Absorbs bytes as they are, without their number.
  mutating func absorb(bytes: ArraySlice<UInt8>) {
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
  }

  /// Absorbs a number of values.
  mutating func absorb(count: Int) { absorb(raw: [Int64(count).littleEndian]) }

  /// Absorbs a text: the number of its bytes in UTF-8, then the bytes.
  mutating func absorb(_ text: String) {
    absorb(count: text.utf8.count)
    absorb(bytes: Array(text.utf8)[...])
  }

  /// Absorbs numbers: how many there are, then the bits of each, where every NaN counts as one and the same.
  mutating func absorb(_ values: [Double]) {
    absorb(count: values.count)
    absorb(raw: values.map { ($0.isNaN ? .nan : $0).bitPattern.littleEndian })
  }

  /// Absorbs integers: how many there are, then the bits of each.
  mutating func absorb<Integer: FixedWidthInteger & BitwiseCopyable>(_ values: [Integer]) {
    absorb(count: values.count)
    absorb(raw: values.map(\.littleEndian))
  }

  /// Absorbs numbers: how many there are, then the bits of each, whatever they mean.
  mutating func absorb<Number: BinaryFloatingPoint & BitwiseCopyable>(bitsOf values: [Number]) {
    absorb(count: values.count)
    absorb(raw: values)
  }

  private mutating func absorb<Value: BitwiseCopyable>(raw values: [Value]) {
    unsafe values.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
  }
}
