import Foundation
import Learning
import LinearAlgebra
import Shards

// A state on its way from the first member of a group to the others: files may be seen later on other machines.

extension SavedState {
  /// All of the state, bit by bit.
  var bytes: [UInt8] {
    get throws {
      var header = Header(numbers: numbers.mapValues(\.bitPattern), texts: texts)
      var body: [UInt8] = []
      for (name, values) in vectors.sorted(by: { $0.key < $1.key }) {
        header.vectors.append(Header.Entry(name: name, count: values.count, isDouble: values.isDouble))
        switch values {
        case .float(let values): body += values.flatMap { $0.bitPattern.littleEndianBytes }
        case .double(let values): body += values.flatMap { $0.bitPattern.littleEndianBytes }
        }
      }
      let head = Array(try JSONEncoder().encode(header))
      return UInt64(head.count).littleEndianBytes + head + body
    }
  }

  /// Reads `bytes` back.
  init(bytes: [UInt8]) throws {
    let count = Int(UInt64(littleEndianBytes: bytes[0..<8]))
    let header = try JSONDecoder().decode(Header.self, from: Data(bytes[8..<8 + count]))
    self.init(numbers: header.numbers.mapValues(Double.init(bitPattern:)), texts: header.texts)
    var rest = bytes[(8 + count)...]
    func take<Bits: FixedWidthInteger>(_ count: Int, _ type: Bits.Type) -> [Bits] {
      let size = Bits.bitWidth / 8
      let part = rest.prefix(count * size)
      rest = rest.dropFirst(count * size)
      return (0..<count).map {
        Bits(littleEndianBytes: part[(part.startIndex + $0 * size)..<(part.startIndex + ($0 + 1) * size)])
      }
    }
    for entry in header.vectors {
      vectors[entry.name] =
        entry.isDouble
        ? .double(take(entry.count, UInt64.self).map(Double.init(bitPattern:)))
        : .float(take(entry.count, UInt32.self).map(Float.init(bitPattern:)))
    }
  }

  private struct Header: Codable {
    struct Entry: Codable {
      var name: String
      var count: Int
      var isDouble: Bool
    }
    var numbers: [String: UInt64]
    var texts: [String: String]
    var vectors: [Entry] = []
  }
}

extension FixedWidthInteger {
  fileprivate var littleEndianBytes: [UInt8] {
    (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) }
  }

  fileprivate init(littleEndianBytes bytes: ArraySlice<UInt8>) {
    self = bytes.reversed().reduce(0) { $0 << 8 | Self($1) }
  }
}

extension GroupReduction {
  /// Hands the bytes that the first member has to all; the others' are not looked at.
  ///
  /// They travel as whole numbers in sums with zeros, which are exact.
  func share(_ bytes: [UInt8]) throws -> [UInt8] {
    guard size > 1 else { return bytes }
    let count = Vector<Double>([rank == 0 ? Double(bytes.count) : 0])
    try sum(count)
    let total = Int(count[0])
    let message = Vector<Double>(count: (total + 5) / 6)
    if rank == 0 {
      for (index, byte) in bytes.enumerated() {
        message[index / 6] += Double(byte) * Double(1 << (8 * (index % 6)))
      }
    }
    if total > 0 { try sum(message) }
    return (0..<total).map { UInt8(Int(message[$0 / 6]) >> (8 * ($0 % 6)) & 0xFF) }
  }
}
