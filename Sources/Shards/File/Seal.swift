internal import Digests
internal import Files
internal import Problems

/// The last 40 bytes of a sweep file, behind the HDF5 file proper: a mark, and the SHA-256 digest of all bytes before.
///
/// HDF5 has no checksums for its older structures and for strings, and crashes on some that are damaged; so the
/// seal is compared before HDF5 sees a file. Readers of HDF5 ignore it, and programs that change the file cut it
/// off: a file without a seal is read all the same, but it says inside how long it was (`SweepFile.Origin`).
enum Seal {
  private static let mark: [UInt8] = Array("eos-seal".utf8)
  /// The length of the seal in bytes.
  static let size = 40

  /// Puts the seal on a file that was closed, and that is to become `path`.
  static func append(to temporary: String, for path: String) throws(Problem) {
    try AtomicFile.append(try seal(FileReader(temporary)), to: temporary, for: path)
  }

  /// Whether a file ends in a seal.
  ///
  /// - Throws: a problem where the seal does not belong to the bytes before it.
  static func isPresent(_ path: String) throws(Problem) -> Bool {
    let file = try FileReader(path)
    let end = try file.suffix(size)
    let older = end.suffix(Version1.sealSize)
    let expected: [UInt8]
    if end.count == size, resembles(end.prefix(mark.count), mark) {
      expected = try seal(file, count: file.size - size)
    } else if older.count == Version1.sealSize, resembles(older.prefix(mark.count), Version1.sealMark) {
      expected = try Version1.seal(file, count: file.size - Version1.sealSize)
    } else {
      return false
    }
    guard end.suffix(expected.count) == expected[...] else {
      throw damaged(path, "its checksum does not match")
    }
    return true
  }

  /// What is said of a file that is not whole any more.
  static func damaged(_ path: String, _ what: String) -> Problem {
    Problem(path, "\(what): it was damaged", remedy: "remove it and run the sweep again")
  }

  private static func seal(_ file: borrowing FileReader, count: Int? = nil) throws(Problem) -> [UInt8] {
    var digest = Digest()
    try file.forEachPart(0..<(count ?? file.size)) { digest.absorb(bytes: $0) }
    return mark + digest.bytes()
  }

  /// Whether bytes are a mark, or one of which a few bits were flipped: by accident no others come so close.
  private static func resembles(_ bytes: ArraySlice<UInt8>, _ mark: [UInt8]) -> Bool {
    zip(bytes, mark).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount } <= 8
  }
}
