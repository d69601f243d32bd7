import Foundation
import MPI
import Testing

extension MPISuite {
  @Suite struct CollectiveTests {
    @Test(arguments: [0, 1, 50_000])
    func everyProcessGetsTheMessageOfTheRoot(byteCount: Int) throws {
      let world = MPISuite.world()
      for root in 0..<world.size {
        let expected = (0..<byteCount).map { UInt8(($0 + root) % 256) }
        var message = world.rank == root ? expected : [9, 9, 9]
        try world.broadcast(&message, root: root)
        #expect(message == expected)
      }
    }

    @Test func theRootGetsEveryMessage() throws {
      let world = MPISuite.world()
      func message(from rank: Int) -> [UInt8] { [UInt8](repeating: UInt8(rank), count: 1000 * rank) }
      for root in 0..<world.size {
        let messages = try world.gather(message(from: world.rank), root: root)
        #expect(messages == (world.rank == root ? (0..<world.size).map(message) : []))
      }
    }

    @Test func nobodyLeavesABarrierBeforeAllHaveCome() throws {
      let world = MPISuite.world()
      for late in 0..<world.size {
        if world.rank == late { Thread.sleep(forTimeInterval: 0.02) }
        let arrival = clock()
        try world.barrier()
        let departure = clock()
        let arrivals = try world.gather(arrival, root: 0).compactMap(time)
        let departures = try world.gather(departure, root: 0).compactMap(time)
        if let last = arrivals.max(), let first = departures.min() { #expect(last <= first) }
      }
    }

    /// The time of a clock that all processes of one machine share.
    private func clock() -> [UInt8] { Array("\(ProcessInfo.processInfo.systemUptime)".utf8) }

    private func time(_ text: [UInt8]) -> Double? { Double(String(decoding: text, as: UTF8.self)) }
  }
}
