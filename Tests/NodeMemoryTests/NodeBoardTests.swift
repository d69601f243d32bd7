import Foundation
import Testing

@testable import NodeMemory

@Suite struct NodeBoardTests {
  private struct Refusal: Error {}

  private let board: NodeBoard

  init() throws { board = try #require(NodeBoard()) }

  /// The thing with a key; `made` counts how often this process has made it.
  private func copy(
    _ key: String, _ value: UInt8, byteCount: Int = 1 << 20, made: inout Int,
    whileWaiting: () throws -> Void = {}
  ) throws -> SharedCopy? {
    var count = 0
    defer { made += count }
    return try board.copy(of: key, whileWaiting: whileWaiting) { writer in
      count += 1
      unsafe writer.append([UInt8](repeating: value, count: byteCount).span.bytes)
      writer.append("its end")
    }
  }

  private func bytes(_ part: SharedCopy.Part) -> [UInt8] {
    unsafe Array(UnsafeRawBufferPointer(start: part.base, count: part.byteCount))
  }

  @Test func whatAnotherProcessHasMadeIsReadAndNotMadeAgain() throws {
    let probe = try Probe("make", board, key: "a")
    #expect(probe.line() == "making")
    #expect(probe.line() == "has 1048576")
    var made = 0
    let copy = try #require(try copy("a", 9, made: &made))
    #expect(made == 0)
    #expect(bytes(copy.parts[0]) == [UInt8](repeating: 7, count: 1 << 20))
    #expect(board.residentBytes < 2 << 20)
  }

  @Test func partsComeBackAsTheyWereWrittenAndAligned() throws {
    let parts = [0, 1, 63, 64, 65, 5000].map { count in (0..<count).map { UInt8($0 % 251) } }
    let copy = try #require(
      try board.copy(of: "parts", whileWaiting: {}) { writer in
        for part in parts { unsafe writer.append(part.span.bytes) }
      })
    #expect(copy.parts.map(bytes) == parts)
    let isAligned = copy.parts.allSatisfy { unsafe Int(bitPattern: $0.base).isMultiple(of: 64) }
    #expect(isAligned)
  }

  @Test func ofManyProcessesOneMakesIt() throws {
    let probes = try (0..<6).map { _ in try Probe("make", board, key: "a") }
    let first = probes.map { $0.line() }
    #expect(first.filter { $0 == "making" }.count == 1)
    #expect(first.filter { $0 == "has 1048576" }.count == 5)
  }

  @Test func whoWaitsTakesOverFromAMakerThatWasKilled() throws {
    let probe = try Probe("hang", board, key: "a", byteCount: 8 << 20)
    #expect(probe.line() == "making")
    var (made, waits) = (0, 0)
    let copy = try copy("a", 9, made: &made) {
      waits += 1
      if waits == 3 { probe.kill() }
    }
    #expect(waits >= 3)
    #expect(made == 1)
    #expect(copy.map { bytes($0.parts[0]).allSatisfy { $0 == 9 } } == true)
    // What the other had made is gone.
    #expect(board.residentBytes < 2 << 20)
  }

  @Test func whoWaitsMayLeave() throws {
    let probe = try Probe("hang", board, key: "a")
    #expect(probe.line() == "making")
    var made = 0
    #expect(throws: Refusal.self) { try copy("a", 9, made: &made) { throw Refusal() } }
    #expect(made == 0)
    let impatient = try board.copy(of: "a", patience: .zero, whileWaiting: {}) { _ in made += 1 }
    #expect(impatient == nil && made == 0)
  }

  @Test func memoryGoesWithTheLastProcessThatReadsIt() throws {
    var made = 0
    var mine = try copy("a", 9, made: &made)
    let probe = try Probe("make", board, key: "a")
    #expect(probe.line() == "has 1048576")
    #expect(mine != nil)
    mine = nil
    #expect(board.residentBytes > 1 << 20)
    mine = try copy("a", 9, made: &made)
    #expect(made == 1)
    mine = nil
    probe.kill()
    // Whoever comes next, for whatever, clears up.
    let other = try copy("b", 1, byteCount: 10, made: &made)
    #expect(other != nil)
    #expect(board.residentBytes < 1 << 20)
  }

  @Test func theLastReaderOfAllFreesAtOnce() throws {
    var made = 0
    var mine = try copy("a", 9, made: &made)
    #expect(mine != nil && board.residentBytes > 1 << 20)
    mine = nil
    #expect(board.residentBytes < 1 << 20)
    mine = try copy("a", 5, made: &made)
    #expect(made == 2)
  }

  @Test func aMakerThatFailsLeavesRoomForTheNext() throws {
    #expect(throws: Refusal.self) {
      _ = try board.copy(of: "a", whileWaiting: {}) { writer in
        writer.append("half of it")
        throw Refusal()
      }
    }
    var made = 0
    #expect(try copy("a", 9, made: &made) != nil)
    #expect(made == 1)
  }

  @Test func whatIsMappedCannotBeWrittenTo() throws {
    var made = 0
    let copy = try copy("a", 9, made: &made)
    #expect(copy != nil)
    let inode = try #require(board.address?.inode)
    let lines = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8).split(separator: "\n")
      .filter { $0.contains("memfd:") && $0.contains(" \(inode) ") }
    #expect(!lines.isEmpty)
    #expect(lines.allSatisfy { $0.split(separator: " ")[1] == "r--s" })
  }

  @Test func aBoardThatIsAnotherOrGoneIsNotOpened() throws {
    let address = try #require(board.address)
    #expect(NodeBoard(address) != nil)
    var other = address
    other.inode += 1
    #expect(NodeBoard(other) == nil)
    other = address
    other.descriptor = 0
    #expect(NodeBoard(other) == nil)
    other = address
    other.process = .max
    #expect(NodeBoard(other) == nil)
  }
}
