import Console
import NodeMemory
import Sweep

/// The doctor's findings on memory.
struct MemoryReport {
  private let places: RankPlaces
  private let isSharing: [Bool]

  /// Names where the ranks are, and which of them share memory with the others of their node.
  init(_ places: RankPlaces, isSharing: [Bool]) { (self.places, self.isSharing) = (places, isSharing) }

  /// A line for each node.
  var lines: [String] {
    let nodes = Dictionary(grouping: places.all.map(\.rank)) { places.node(of: $0)[0].rank }
    let lines = nodes.sorted { $0.key < $1.key }.prefix(8).map { line(places.all[$0.key], $0.value) }
    return nodes.count > 8 ? lines + ["           ... and \(nodes.count - 8) more nodes"] : lines
  }

  private func line(_ node: RankPlace, _ ranks: [Int]) -> String {
    "memory:    \(node.host), \(limits(node.memory ?? MachineMemory(), ranks.count)); \(sharing(ranks))"
  }

  private func limits(_ memory: MachineMemory, _ ranks: Int) -> String {
    let known = [
      memory.total.map { "\(Format.bytes($0)) in all" },
      memory.available.map { "\(Format.bytes($0)) available" },
      memory.group.map { "\(Format.bytes($0)) left to the control group" },
      memory.slurm.map { "\(Format.bytes($0)) allotted by SLURM" },
      memory.addressSpace.map { "\(Format.bytes($0)) for a process (ulimit -v)" },
      memory.bound.map { "so \(Format.bytes($0.bytes / ranks)) per rank" },
    ].compactMap(\.self)
    return known.isEmpty ? "unknown" : known.joined(separator: ", ")
  }

  private func sharing(_ ranks: [Int]) -> String {
    if ranks.count == 1 { return "one rank, which has its data to itself" }
    if ranks.allSatisfy({ isSharing[$0] }) { return "its \(ranks.count) ranks share one copy of the data" }
    let apart = ranks.count { !isSharing[$0] }
    return "\(apart) of its \(ranks.count) ranks hold a copy of the data each (no memfd, or /proc is hidden)"
  }
}
