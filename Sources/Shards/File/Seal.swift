internal import Foundation

/// The last 16 bytes of a sweep file, behind the HDF5 file proper: a mark, and a checksum of all bytes before.
///
/// HDF5 has no checksums for its older structures and for strings, and crashes on some that are damaged; so the
/// seal is compared before HDF5 sees a file. Readers of HDF5 ignore it, and programs that change the file cut it
/// off: a file without a seal is read all the same.
enum Seal {
  private static let mark: [UInt8] = Array("eossweep".utf8)
  private static let size = 16

  /// Puts the seal on a file that was closed.
  static func append(to path: String) throws {
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    let count = Int(try file.seekToEnd())
    let checksum = try checksum(of: file, count: count)
    try file.seekToEnd()
    try file.write(contentsOf: Data(mark + bytes(checksum)))
    try file.close()
  }

  /// Whether a file has a seal that its bytes do not match.
  static func isBroken(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path), let end = try? file.seekToEnd() else { return false }
    guard end > size, (try? file.seek(toOffset: end - UInt64(size))) != nil else { return false }
    guard let seal = try? file.read(upToCount: size), Array(seal.prefix(8)) == mark else { return false }
    let checksum = try? checksum(of: file, count: Int(end) - size)
    return checksum.map { bytes($0) != Array(seal.suffix(8)) } ?? false
  }

  private static func checksum(of file: FileHandle, count: Int) throws -> UInt64 {
    try file.seek(toOffset: 0)
    var (hash, left) = (FNV1a(), count)
    while left > 0, let part = try file.read(upToCount: min(left, 1 << 20)), !part.isEmpty {
      hash.absorb(words: [UInt8](part))
      left -= part.count
    }
    return hash.state
  }

  /// The eight bytes of a checksum, the lowest first.
  private static func bytes(_ checksum: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: checksum >> (8 * $0)) }
  }
}

extension FNV1a {
  /// Absorbs bytes eight at a time, the lowest first; zeros fill up the last word.
  fileprivate mutating func absorb(words bytes: [UInt8]) {
    for start in stride(from: 0, to: bytes.count - 7, by: 8) {
      var word: UInt64 = 0
      for offset in 0..<8 { word |= UInt64(bytes[start + offset]) << (8 * UInt64(offset)) }
      absorb(word)
    }
    let rest = bytes.suffix(bytes.count % 8)
    if !rest.isEmpty { absorb(rest.reversed().reduce(0) { $0 << 8 | UInt64($1) }) }
  }
}
