import Foundation
import MPI

extension Communicator {
  /// Rank 0 hands a value to all; nil sends them home.
  borrowing func share(_ value: (some Encodable)?) throws {
    var message = try value.map { Array(try JSONEncoder().encode($0)) } ?? []
    try broadcast(&message, root: 0)
  }

  /// The other ranks' side of `share`.
  borrowing func receive<Value: Decodable>(_ type: Value.Type) throws -> Value? {
    var message: [UInt8] = []
    try broadcast(&message, root: 0)
    return message.isEmpty ? nil : try JSONDecoder().decode(type, from: Data(message))
  }
}
