/// The bytes as a gzip file of one stored block (RFC 1951, 1952).
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  func littleEndian(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
  }
  var checksum = ~UInt32(0)
  for byte in bytes {
    checksum ^= UInt32(byte)
    for _ in 0..<8 { checksum = checksum >> 1 ^ (checksum & 1 == 1 ? 0xEDB8_8320 : 0) }
  }
  let length = littleEndian(UInt32(bytes.count), 2)
  let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
  return header + [1] + length + length.map { ~$0 } + bytes + littleEndian(~checksum, 4)
    + littleEndian(UInt32(bytes.count), 4)
}
