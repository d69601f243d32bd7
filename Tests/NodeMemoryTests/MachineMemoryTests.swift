import Foundation
import Testing

@testable import NodeMemory

@Suite struct MachineMemoryTests {
  @Test(arguments: [
    (["SLURM_MEM_PER_NODE": "2048"], 2 << 30), (["SLURM_MEM_PER_NODE": "0"], nil),
    (["SLURM_MEM_PER_CPU": "512", "SLURM_CPUS_ON_NODE": "8"], 4 << 30), (["SLURM_MEM_PER_CPU": "512"], nil),
    (["SLURM_MEM_PER_NODE": "much"], nil), ([:], nil),
  ])
  func slurmCountsInMebibytes(environment: [String: String], expected: Int?) {
    #expect(MachineMemory.slurmAllotment(environment) == expected)
  }

  @Test func aControlGroupHasWhatItDoesNotUse() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "eos-sweep-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
    #expect(MachineMemory.room(ofGroup: folder.path) == nil)
    try write("1000000\n", "memory.max")
    try write("400000\n", "memory.current")
    #expect(MachineMemory.room(ofGroup: folder.path) == 600_000)
    try write("anon 100\ninactive_file 50000\n", "memory.stat")
    #expect(MachineMemory.room(ofGroup: folder.path) == 650_000)
    try write("max\n", "memory.max")
    #expect(MachineMemory.room(ofGroup: folder.path) == nil)
  }

  @Test func theSmallestBoundHolds() {
    #expect(MachineMemory(total: 5).bound == nil)
    #expect(MachineMemory(available: 5, group: 3, slurm: 4).bound?.bytes == 3)
    let here = MachineMemory.here()
    #expect((here.available ?? 0) > 0 && (here.total ?? 0) > 0)
  }
}
