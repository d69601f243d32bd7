import Foundation
import HDF5
import Problems
import Testing
import TestSupport

@testable import Shards

/// Bits that flip, ends that are cut off, and files that other programs have written anew.
@Suite struct DamageTests {
  let directory: TemporaryFolder
  let path: String
  let good: [UInt8]
  static let record = RunRecord.sample(
    "r", steps: 2000, measurements: 10, eigenvalues: 2, weights: .float([1, .nan, 3]))

  init() throws {
    directory = try TemporaryFolder()
    path = directory("r.h5")
    try Shard.write(Self.record, provenance: .sample, to: path)
    good = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private func write(_ bytes: some Sequence<UInt8>) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  private func expectDamage(_ what: Comment) throws {
    #expect(throws: Problem.self, what) { try Shard.read(path) }
    #expect(throws: Problem.self, what) { try Shard.entries(path) }
    #expect(try Verify.verify(path).map { "\($0.path), \($0.isNote)" } == ["\(path), false"], what)
  }

  /// 200 damages of 1 to 4 bits; every fourth of them flips signs of numbers, every fourth the seal.
  @Test func upToFourFlippedBitsAreFoundWhereverTheyAre() throws {
    var generator = SeededGenerator(seed: 9)
    for trial in 0..<200 {
      var bad = good
      var places: Set<Int> = []
      let count = trial % 4 == 1 ? 2 : Int.random(in: 1...4, using: &generator)
      while places.count < count {
        switch trial % 4 {
        case 1: places.insert(Int.random(in: 0..<good.count / 8 - 5, using: &generator) * 64 + 63)
        case 2:
          places.insert(Int.random(in: (good.count - Seal.size) * 8..<good.count * 8, using: &generator))
        default: places.insert(Int.random(in: 0..<good.count * 8, using: &generator))
        }
      }
      for place in places { bad[place / 8] ^= 1 << UInt8(place % 8) }
      try write(bad)
      try expectDamage("bits \(places.sorted())")
    }
  }

  /// The signs of any two numbers, which a hash over 64-bit words by multiplication would let pass.
  @Test func pairsOfSignsChangeTheChecksumOfARow() {
    let losses = Self.record.reals(.trainLoss)
    for (first, second) in [(0, 1), (3, 700), (1998, 1999)] {
      var flipped = Self.record
      var values = losses
      values[first].negate()
      values[second].negate()
      flipped.set(.trainLoss, values)
      #expect(flipped.checksum != Self.record.checksum)
    }
  }

  @Test func whereverItIsCutAFileIsNotWhole() throws {
    let inner = good.count - Seal.size
    for length in [inner, inner + 1, inner + 8, inner + 39] {
      try write(good.prefix(length))
      let findings = try Verify.verify(path)
      #expect(findings.count == 1 && !findings[0].isNote, "\(length): \(findings)")
    }
    for length in [0, 1, 100, inner / 2, inner - 1] {
      try write(good.prefix(length))
      #expect(throws: Problem.self, "\(length)") { try Verify.verify(path) }
      #expect(Verify.findings(ofFile: path).map(\.isNote) == [false])
    }
  }

  @Test func aSealThatIsOverwrittenIsMissed() throws {
    try write(good.dropLast(Seal.size) + Array(repeating: 0, count: Seal.size))
    #expect(Verify.findings(ofFile: path).map(\.isNote) == [false])
    #expect(throws: Problem.self) { try Shard.read(path) }
  }

  /// A file says inside how long it is without its seal, as it really is.
  @Test func theLengthInsideIsRight() throws {
    let file = try File(opening: path)
    #expect(
      try file.root.attribute(FileHeader.sealedBytes, as: Int64.self) == [Int64(good.count - Seal.size)])
    #expect(try file.end == good.count - Seal.size)
  }

  /// Has HDF5 itself write to the file, which cuts off the seal, as other programs do.
  private func rewrite(_ edit: (borrowing Group) throws -> Void = { _ in }) throws {
    let file = try File(opening: path, .readWrite)
    try file.root.createDataset("other", shape: [1000], fill: 0.0).write(Array(repeating: 1.0, count: 1000))
    try edit(file.root)
    try file.close()
  }

  @Test func aRewrittenFileIsNamedAndReadAllTheSame() throws {
    try rewrite()
    let findings = try Verify.verify(path)
    #expect(findings.map(\.sentence) == ["rewritten by another program; the values of all runs are whole"])
    #expect(findings.map(\.isNote) == [true])
    #expect(try Shard.read(path).stepCount == 2000)
  }

  @Test func inARewrittenFileTextsAndNumbersAreStillChecked() throws {
    let edits: [(borrowing Group) throws -> Void] = [
      { try $0.openDataset("train_loss").write([9.0], in: Hyperslab(start: [0, 5], count: [1, 1])) },
      { try $0.openDataset("config_json").write(["{}"]) }, { try $0.openDataset("seed").write([Int64(4)]) },
      { try $0.openDataset("status").write(["diverged"]) },
    ]
    for edit in edits {
      try write(good)
      try rewrite(edit)
      let findings = try Verify.verify(path).map { "\($0.run ?? "") \($0.sentence)" }
      #expect(findings.count == 2 && findings[0] == " rewritten by another program", "\(findings)")
      #expect(
        findings[1].contains("r run r is damaged: the checksum of its values does not match"), "\(findings)")
    }
  }
}
