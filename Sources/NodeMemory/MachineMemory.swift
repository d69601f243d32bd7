internal import Foundation
internal import Glibc

/// How much memory a process and its machine have, in bytes, each nil where it is not limited or not known.
public struct MachineMemory: Codable, Hashable, Sendable {
  /// All memory of the machine.
  public var total: Int?
  /// What the kernel could still give, with free swap.
  public var available: Int?
  /// What the control group of the process may still take.
  public var group: Int?
  /// What SLURM has allotted to the job on this machine.
  public var slurm: Int?
  /// How far the address space of this process may grow.
  public var addressSpace: Int?

  /// Names what is known.
  public init(
    total: Int? = nil, available: Int? = nil, group: Int? = nil, slurm: Int? = nil, addressSpace: Int? = nil
  ) {
    (self.total, self.available, self.group) = (total, available, group)
    (self.slurm, self.addressSpace) = (slurm, addressSpace)
  }

  /// What all processes of the machine can count on together, and what sets that bound; nil where nothing is known.
  public var bound: (bytes: Int, reason: String)? {
    [
      available.map { ($0, "available on the machine") }, group.map { ($0, "left to the control group") },
      slurm.map { ($0, "allotted by SLURM") },
    ].compactMap(\.self).min { $0.0 < $1.0 }
  }

  /// What is known now.
  public static func here() -> MachineMemory {
    let numbers = fields(text("/proc/meminfo"), unit: 1024)
    return MachineMemory(
      total: numbers["MemTotal"],
      available: numbers["MemAvailable"].map { $0 + (numbers["SwapFree"] ?? 0) }, group: groupRoom(),
      slurm: slurmAllotment(ProcessInfo.processInfo.environment), addressSpace: addressSpaceLimit())
  }

  /// What `SLURM_MEM_PER_NODE`, or `SLURM_MEM_PER_CPU` for every processor, allots; both are in MiB, and 0 is no limit.
  public static func slurmAllotment(_ environment: [String: String]) -> Int? {
    func number(_ name: String) -> Int? {
      environment[name].flatMap { Int($0) }.flatMap { (1..<1 << 32).contains($0) ? $0 : nil }
    }
    if let node = number("SLURM_MEM_PER_NODE") { return node << 20 }
    guard let each = number("SLURM_MEM_PER_CPU"), let count = number("SLURM_CPUS_ON_NODE") else { return nil }
    return (each << 20) * min(count, 1 << 16)
  }

  /// The least that a control group above the process, or its own, may still take (version 2 of control groups).
  private static func groupRoom() -> Int? {
    guard let line = text("/proc/self/cgroup").split(separator: "\n").first(where: { $0.hasPrefix("0::/") })
    else { return nil }
    var names = line.dropFirst(4).split(separator: "/")
    var least: Int?
    while true {
      let folder = (["/sys/fs/cgroup"] + names).joined(separator: "/")
      if let room = room(ofGroup: folder) { least = min(least ?? room, room) }
      guard names.popLast() != nil else { return least }
    }
  }

  /// What a control group may still take; files that are read but not in use can make room.
  static func room(ofGroup folder: String) -> Int? {
    func number(_ name: String) -> Int? {
      Int(text("\(folder)/\(name)").trimmingCharacters(in: .whitespacesAndNewlines))
    }
    guard let limit = number("memory.max") else { return nil }
    let unused = fields(text("\(folder)/memory.stat"), unit: 1)["inactive_file"] ?? 0
    return max(0, limit - (number("memory.current") ?? 0) + unused)
  }

  private static func addressSpaceLimit() -> Int? {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return nil }
    return Int(exactly: limit.rlim_cur)
  }

  private static func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }

  /// Numbers by the word before them.
  private static func fields(_ text: String, unit: Int) -> [String: Int] {
    text.split(separator: "\n").reduce(into: [:]) { fields, line in
      let words = line.split { $0 == ":" || $0 == " " }
      if words.count > 1, let number = Int(words[1]) { fields[String(words[0])] = number * unit }
    }
  }
}
