internal import Files
internal import Problems
internal import Schema

/// What was different in files of format version 1, which are read like those of today.
///
/// There, words of a run were numbers with `flag_meanings`, counts had a fill value, and checksum and seal were made
/// by FNV-1a (Fowler, Noll, Vo) over 64-bit words, which misses an even number of flips of the highest bit.
enum Version1 {
  /// How the values of a variable stand in the file.
  static func storedKind(_ kind: Variable.Kind) -> Variable.Kind {
    switch kind {
    case .word(let words): .flag(words)
    case .count: .integer
    default: kind
    }
  }

  /// The values of a variable as records hold them today.
  static func column(_ stored: Column, _ kind: Variable.Kind) -> Column {
    switch (stored, kind) {
    case (.flags(let flags), .word(let words)):
      .texts(flags.map { words.indices.contains(Int($0)) ? words[Int($0)] : "" })
    case (.integers(let values), .count): .integers(values.map { $0 == -1 ? 0 : $0 })
    default: stored
    }
  }

  /// The checksum of a row, of all its values as they stand in the file.
  static func checksum(_ id: String, _ stored: [String: Column]) -> String {
    var hash = FNV1a()
    hash.absorb(id)
    for variable in RunRecord.checkedVariables {
      guard let column = stored[variable.name], !column.isMissing(storedKind(variable.kind)) else { continue }
      hash.absorb(variable.name)
      hash.absorb(column)
    }
    return hash.hexadecimal
  }

  /// The seal: its mark, and the hash of all bytes before it.
  static let sealMark: [UInt8] = Array("eossweep".utf8)
  /// The length of the seal in bytes.
  static let sealSize = 16

  /// The seal that belongs to the first bytes of a file.
  static func seal(_ file: borrowing FileReader, count: Int) throws(Problem) -> [UInt8] {
    var hash = FNV1a()
    try file.forEachPart(0..<count) { hash.absorb(words: $0) }
    return sealMark + (0..<8).map { UInt8(truncatingIfNeeded: hash.state >> (8 * $0)) }
  }
}

private struct FNV1a {
  private(set) var state: UInt64 = 0xcbf2_9ce4_8422_2325

  var hexadecimal: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  mutating func absorb(_ word: UInt64) { state = (state ^ word) &* 0x100_0000_01b3 }

  mutating func absorb(_ text: String) {
    for byte in text.utf8 { absorb(UInt64(byte)) }
    absorb(UInt64(text.utf8.count))
  }

  mutating func absorb(_ column: Column) {
    switch column {
    case .reals(let values): for value in values { absorb((value.isNaN ? .nan : value).bitPattern) }
    case .integers(let values): for value in values { absorb(UInt64(bitPattern: value)) }
    case .texts(let values): for value in values { absorb(value) }
    case .flags(let values): for value in values { absorb(UInt64(UInt8(bitPattern: value))) }
    }
  }

  /// Absorbs bytes eight at a time, the lowest first; zeros fill up the last word, which must end the file.
  mutating func absorb(words bytes: ArraySlice<UInt8>) {
    for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: 8) {
      let word = bytes[start..<min(start + 8, bytes.endIndex)]
      absorb(word.reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
  }
}
