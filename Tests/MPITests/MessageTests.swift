import MPI
import Testing

extension MPISuite {
  @Suite struct MessageTests {
    @Test(arguments: [0, 1, 100, 100_000])
    func messagesGoRound(byteCount: Int) throws {
      let world = MPISuite.world()
      guard world.size > 1 else { return }
      func message(from rank: Int) -> [UInt8] { (0..<byteCount).map { UInt8(($0 * 7 + rank) % 251) } }
      let (next, previous) = ((world.rank + 1) % world.size, (world.rank + world.size - 1) % world.size)
      if world.rank == 0 { try world.send(message(from: 0), to: next, tag: 3) }
      let envelope = try waitForMessage(world, source: previous, tag: 3)
      #expect(envelope.source == previous)
      #expect(envelope.tag == 3)
      #expect(envelope.byteCount == byteCount)
      #expect(try world.receive(envelope) == message(from: previous))
      if world.rank != 0 { try world.send(message(from: world.rank), to: next, tag: 3) }
    }

    @Test func probingTellsTagsAndCommunicatorsApart() throws {
      let world = MPISuite.world()
      let other = try world.duplicate()
      guard world.size > 1 else { return }
      if world.rank == 1 {
        try other.send([1], to: 0, tag: 5)
        try world.send([2], to: 0, tag: 6)
      }
      if world.rank == 0 {
        let second = try waitForMessage(world, source: nil, tag: nil)
        #expect(second.tag == 6)
        #expect(try world.probe(tag: 5) == nil)
        let first = try waitForMessage(other, source: 1, tag: nil)
        #expect(try other.receive(first) == [1])
        #expect(try world.receive(second) == [2])
        #expect(try world.probe() == nil)
      }
      try world.barrier()
    }

    private func waitForMessage(
      _ communicator: borrowing Communicator, source: Int?, tag: Int?
    ) throws -> Envelope {
      var backoff = PollingBackoff.brief
      while true {
        if let envelope = try communicator.probe(source: source, tag: tag) { return envelope }
        backoff.pause()
      }
    }
  }
}
