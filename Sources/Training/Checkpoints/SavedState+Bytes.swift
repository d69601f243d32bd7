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
        case .float(let values): body.append(bitsOf: values)
        case .double(let values): body.append(bitsOf: values)
        }
      }
      let head = Array(try JSONEncoder().encode(header))
      var bytes: [UInt8] = []
      bytes.append(bitsOf: [UInt64(head.count)])
      return bytes + head + body
    }
  }

  /// Reads `bytes` back.
  init(bytes: [UInt8]) throws {
    var rest = bytes[...]
    let count = rest.take(1, of: UInt64.self)[0]
    let header = try JSONDecoder().decode(Header.self, from: Data(rest.prefix(Int(count))))
    rest = rest.dropFirst(Int(count))
    self.init(numbers: header.numbers.mapValues(Double.init(bitPattern:)), texts: header.texts)
    for entry in header.vectors {
      vectors[entry.name] =
        entry.isDouble
        ? .double(rest.take(entry.count, of: Double.self)) : .float(rest.take(entry.count, of: Float.self))
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

extension [UInt8] {
  /// Appends the bytes of numbers as they lie in memory: all members run on machines of one kind.
  fileprivate mutating func append<Number: BitwiseCopyable>(bitsOf numbers: [Number]) {
    unsafe numbers.withUnsafeBytes { unsafe append(contentsOf: $0) }
  }
}

extension ArraySlice<UInt8> {
  /// Takes numbers off the front.
  fileprivate mutating func take<Number: BitwiseCopyable>(_ count: Int, of type: Number.Type) -> [Number] {
    let size = MemoryLayout<Number>.stride
    precondition(self.count >= count * size, "The bytes of a state end early.")
    let numbers = unsafe withUnsafeBytes { bytes in
      (0..<count).map { unsafe bytes.loadUnaligned(fromByteOffset: $0 * size, as: Number.self) }
    }
    self = dropFirst(count * size)
    return numbers
  }
}

extension GroupReduction {
  /// Hands the state that the first member has to all; the others' are not looked at.
  func share(_ state: SavedState) throws -> SavedState {
    size == 1 ? state : try SavedState(bytes: share(rank == 0 ? state.bytes : []))
  }

  /// The same for bytes.
  ///
  /// They travel as whole numbers in sums with zeros, which are exact.
  private func share(_ bytes: [UInt8]) throws -> [UInt8] {
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
