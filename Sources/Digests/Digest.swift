internal import CCrypto

/// The SHA-256 digest (FIPS 180-4) of numbers and texts, little-endian and unambiguous: every list and every text
/// comes after its length.
@safe public struct Digest: ~Copyable {
  private let context: OpaquePointer
  /// Looked up once: that takes longer than a short text's digest.
  private static let algorithm = unsafe Algorithm(pointer: EVP_MD_fetch(nil, "SHA256", nil))

  /// Begins the digest of nothing.
  public init() {
    guard let context = unsafe EVP_MD_CTX_new() else { fatalError("libcrypto: no memory for a digest") }
    unsafe self.context = unsafe context
    Self.require(unsafe EVP_DigestInit_ex2(context, Self.algorithm.pointer, nil))
  }

  deinit { unsafe EVP_MD_CTX_free(context) }

  /// The 32 bytes of the digest.
  public consuming func bytes() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 32)
    Self.require(unsafe EVP_DigestFinal_ex(context, &bytes, nil))
    return bytes
  }

  /// The digest as 64 hexadecimal digits.
  public consuming func hexadecimal() -> String {
    bytes().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// Absorbs bytes as they are, without their number.
  public mutating func absorb(bytes: ArraySlice<UInt8>) {
    unsafe bytes.withUnsafeBytes { unsafe absorb($0) }
  }

  /// Absorbs a number of values.
  public mutating func absorb(count: Int) {
    let count = Int64(count).littleEndian
    unsafe withUnsafeBytes(of: count) { unsafe absorb($0) }
  }

  /// Absorbs a text: the number of its bytes in UTF-8, then the bytes.
  public mutating func absorb(_ text: String) {
    var text = text
    absorb(count: text.utf8.count)
    text.withUTF8 { unsafe absorb(UnsafeRawBufferPointer($0)) }
  }

  /// Absorbs numbers: how many there are, then the bits of each, where every NaN counts as one and the same.
  public mutating func absorb(_ values: [Double]) {
    absorb(count: values.count)
    absorb(raw: values.map { ($0.isNaN ? .nan : $0).bitPattern.littleEndian })
  }

  /// Absorbs integers: how many there are, then the bits of each.
  public mutating func absorb<Integer: FixedWidthInteger & BitwiseCopyable>(_ values: [Integer]) {
    absorb(count: values.count)
    absorb(raw: values.map(\.littleEndian))
  }

  /// Absorbs numbers: how many there are, then the bits of each, whatever they mean.
  public mutating func absorb<Number: BinaryFloatingPoint & BitwiseCopyable>(bitsOf values: [Number]) {
    absorb(count: values.count)
    absorb(raw: values)
  }

  private mutating func absorb<Value: BitwiseCopyable>(raw values: [Value]) {
    unsafe values.withUnsafeBytes { unsafe absorb($0) }
  }

  private mutating func absorb(_ bytes: UnsafeRawBufferPointer) {
    Self.require(unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count))
  }

  /// SHA-256 of bytes in memory fails only where the library itself is broken.
  private static func require(_ status: Int32) {
    guard status == 1 else { fatalError("libcrypto: SHA-256 failed") }
  }
}

/// A pointer of the library's that lives as long as the process and is never written to.
@unsafe private struct Algorithm: @unchecked Sendable {
  let pointer: OpaquePointer?
}
