import Foundation
import MPI

/// Where a rank's process runs.
package struct RankPlace: Codable, Hashable, Sendable {
  /// The number of the rank.
  package var rank: Int
  /// The name of its machine, for people.
  package var host: String
  /// The process, on that machine.
  package var process: ProcessPlace

  /// The place of this process.
  package static func here(rank: Int) -> RankPlace {
    RankPlace(rank: rank, host: ProcessInfo.processInfo.hostName, process: .current)
  }

  /// What ranks have in common that find each other's processes, and are to share memory.
  var node: [String] { [host, process.machine] }
}

/// A process, told apart from every other that may have its number later.
package struct ProcessPlace: Codable, Hashable, Sendable {
  /// The boot of the machine, and the space in which the process has its number.
  package var machine: String
  /// Its number.
  package var number: Int32
  /// When it began, in the clock ticks of the machine.
  package var began: UInt64

  /// This process.
  package static let current: ProcessPlace = {
    let number = ProcessInfo.processInfo.processIdentifier
    return ProcessPlace(machine: thisMachine, number: number, began: status(of: number)?.began ?? 0)
  }()

  /// Whether the process has ended; nil where that cannot be told, because it runs elsewhere or is out of sight.
  package var hasEnded: Bool? {
    guard machine == Self.thisMachine, began > 0, Self.current.began > 0 else { return nil }
    guard let status = Self.status(of: number) else { return true }
    return status.began != began || "ZX".contains(status.state)
  }

  private static let thisMachine: String = {
    let boot = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
    let space = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
    return boot.trimmingCharacters(in: .whitespacesAndNewlines) + " " + (space ?? "")
  }()

  /// The state and the start of a process; nil where there is none.
  private static func status(of number: Int32) -> (state: Character, began: UInt64)? {
    guard let text = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8),
      // The second field, the program's name in brackets, may itself hold blanks and brackets.
      let end = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 19, let state = fields[0].first, let began = UInt64(fields[19]) else { return nil }
    return (state, began)
  }
}

/// Where all ranks of a world are; learnt once, while all of them live.
package struct RankPlaces: Sendable {
  /// By rank.
  package let all: [RankPlace]

  /// Names the places, which stand in the order of the ranks.
  package init(_ all: [RankPlace]) { self.all = all }

  /// Lets every rank know the places of all; collective.
  ///
  /// - Parameters:
  ///   - here: The place of this process.
  ///   - world: All ranks.
  /// - Returns: The places of all ranks.
  /// - Throws: What MPI throws.
  static func exchange(_ here: RankPlace, over world: borrowing Communicator) throws -> RankPlaces {
    let messages = try world.gather(try Wire.encode(here), root: 0)
    let places = try messages.map { try Wire.decode(RankPlace.self, $0) }
    var message = try Wire.encode(places)
    try world.broadcast(&message, root: 0)
    return RankPlaces(try Wire.decode([RankPlace].self, message))
  }

  /// The ranks that run on the node of a rank, that rank among them, in order.
  package func node(of rank: Int) -> [RankPlace] { all.filter { $0.node == all[rank].node } }
}
