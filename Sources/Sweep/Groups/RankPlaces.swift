import Files
import Foundation
package import MPI
package import NodeMemory

/// Where a rank's process runs.
package struct RankPlace: Codable, Hashable, Sendable {
  /// The number of the rank.
  package var rank: Int
  /// The name of its machine, for people.
  package var host: String
  /// The process, on that machine.
  package var process: ProcessPlace
  /// Where the others find the memory that it offers to share, if it offers any.
  package var board: NodeBoard.Address?
  /// The memory it has; nil where it was not looked at.
  package var memory: MachineMemory?

  /// The place of this process.
  package static func here(rank: Int, board: NodeBoard? = nil) -> RankPlace {
    RankPlace(
      rank: rank, host: ProcessInfo.processInfo.hostName, process: .current, board: board?.address)
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
    return ProcessPlace(machine: thisMachine, number: number, began: ProcessStatus(of: number)?.began ?? 0)
  }()

  /// Whether the process has ended; nil where that cannot be told, because it runs elsewhere or is out of sight.
  package var hasEnded: Bool? {
    guard machine == Self.thisMachine, began > 0, Self.current.began > 0 else { return nil }
    guard let status = ProcessStatus(of: number) else { return true }
    return status.began != began || status.isOver
  }

  private static let thisMachine: String = {
    let boot = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
    let space = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
    return boot.trimmingCharacters(in: .whitespacesAndNewlines) + " " + (space ?? "")
  }()
}

/// Where all ranks of a world are; learnt once, while all of them live.
package struct RankPlaces {
  /// By rank.
  package let all: [RankPlace]
  /// What this rank shares with the others of its node; nil where it is alone there, or cannot see the first one's memory.
  package let board: NodeBoard?

  /// Names the places, which stand in the order of the ranks.
  package init(_ all: [RankPlace], board: NodeBoard? = nil) { (self.all, self.board) = (all, board) }

  /// Lets every rank know the places of all, and open the memory of its node; collective.
  ///
  /// Every rank offers a board, which costs nothing, and the ranks of a node take that of the first of them.
  ///
  /// - Parameter world: All ranks.
  /// - Returns: The places of all ranks.
  /// - Throws: What MPI throws.
  package static func learn(over world: borrowing Communicator) throws -> RankPlaces {
    let offered = NodeBoard()
    var here = RankPlace.here(rank: world.rank, board: offered)
    here.memory = .here()
    let wire = Wire()
    let messages = try world.gather(try wire.encode(here), root: 0)
    var message = try wire.encode(try messages.map { try wire.decode(RankPlace.self, $0) })
    try world.broadcast(&message, root: 0)
    let places = RankPlaces(try wire.decode([RankPlace].self, message))
    return RankPlaces(places.all, board: places.board(for: world.rank, own: offered))
  }

  private func board(for rank: Int, own: NodeBoard?) -> NodeBoard? {
    let node = node(of: rank)
    guard node.count > 1, let first = node.first else { return nil }
    return first.rank == rank ? own : first.board.flatMap { NodeBoard($0) }
  }

  /// The ranks that run on the node of a rank, that rank among them, in order.
  package func node(of rank: Int) -> [RankPlace] { all.filter { $0.node == all[rank].node } }

  /// The number of every rank's node, by rank; nodes are counted from 0 in the order of their first ranks.
  var nodes: [Int: Int] {
    var numbers: [[String]: Int] = [:]
    for place in all where numbers[place.node] == nil { numbers[place.node] = numbers.count }
    return Dictionary(uniqueKeysWithValues: all.indices.map { ($0, numbers[all[$0].node, default: 0]) })
  }
}
