import Foundation
import HDF5
import Problems
import Testing
import TestSupport

@testable import Shards

@Suite struct CheckpointTests {
  private let directory: TemporaryFolder
  private let path: String

  init() throws {
    directory = try TemporaryFolder()
    path = directory("r.h5")
  }

  private static let record = RunRecord.sample(
    "r", status: .interrupted, steps: 300, measurements: 10, eigenvalues: 2, weights: .float([1, -2, 3]))

  private static let state = SavedState(
    numbers: [
      "step": 300, "probe.hessian.gap": .nan, "signal": -Double(nan: 5, signaling: false), "zero": -0.0,
      "far": -.infinity,
    ],
    vectors: [
      "weights": .float([1, -2, .nan, -0.0, .infinity, Float(nan: 3, signaling: false)]),
      "one": .float([7]), "probe.hessian.vector0": .double([0.1, -.nan, .leastNonzeroMagnitude]),
      "none": .double([]),
    ],
    texts: ["schedule": "cosine", "ünï.code": #"{"a":"é"}"#, "empty": ""])

  private func write(
    _ record: RunRecord = CheckpointTests.record, _ state: SavedState = CheckpointTests.state
  ) throws {
    try Checkpoint.write(record, state: state, provenance: .sample, to: path)
  }

  /// What tells two states apart, bit for bit.
  private static func bits(_ state: SavedState) -> [String: [UInt64]] {
    var bits: [String: [UInt64]] = [:]
    for (name, number) in state.numbers { bits["number \(name)"] = [number.bitPattern] }
    for (name, text) in state.texts { bits["text \(name)"] = text.utf8.map(UInt64.init) }
    for (name, vector) in state.vectors {
      switch vector {
      case .float(let values): bits["float \(name)"] = values.map { UInt64($0.bitPattern) }
      case .double(let values): bits["double \(name)"] = values.map(\.bitPattern)
      }
    }
    return bits
  }

  @Test(arguments: [RunStatus.interrupted, .finished, .diverged]) func everyBitSurvives(
    _ status: RunStatus
  ) throws {
    var record = Self.record
    record.status = status
    try write(record)
    let read = try Checkpoint.read(path)
    #expect(Self.bits(read.state) == Self.bits(Self.state))
    #expect(differences(read.record, record, but: ["host", "provenance_json", "checksum"]) == [])
    #expect(read.record.status == status)
  }

  @Test func randomStatesSurvive() throws {
    var generator = SeededGenerator(seed: 41)
    for _ in 0..<20 {
      var state = SavedState()
      for index in 0..<Int.random(in: 0...4, using: &generator) {
        state.numbers["n.\(index)"] = Double(bitPattern: generator.next())
        state.texts["t.\(index)"] = String(generator.next(), radix: 36)
        let doubles = (0..<Int.random(in: 0...300, using: &generator)).map { _ in
          Double(bitPattern: generator.next())
        }
        let floats = doubles.map { Float(bitPattern: UInt32(truncatingIfNeeded: $0.bitPattern)) }
        state.vectors["v.\(index)"] = Bool.random(using: &generator) ? .double(doubles) : .float(floats)
      }
      try write(Self.record, state)
      #expect(try Self.bits(Checkpoint.read(path).state) == Self.bits(state))
    }
  }

  @Test func isASweepFile() throws {
    try write()
    #expect(try Verify.verify(path) == [])
    #expect(try RecordedRuns(path).record("r").stepCount == 300)
  }

  /// 200 damages: a truncation every fourth time, else 1 to 4 flipped bits.
  @Test func damageIsFoundWhereverItIs() throws {
    try write()
    let good = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
    var generator = SeededGenerator(seed: 10)
    for trial in 0..<200 {
      var bad = good
      if trial % 4 == 0 {
        bad.removeLast(Int.random(in: 1...(trial % 8 == 0 ? 100 : good.count), using: &generator))
      } else {
        var places: Set<Int> = []
        while places.count < trial % 4 + 1 {
          places.insert(Int.random(in: 0..<good.count * 8, using: &generator))
        }
        for place in places { bad[place / 8] ^= 1 << UInt8(place % 8) }
      }
      try Data(bad).write(to: URL(fileURLWithPath: path))
      #expect(throws: Problem.self, "trial \(trial)") { try Checkpoint.read(path) }
    }
  }

  /// What another program changed is not gone on from, with a new seal on it or without.
  @Test func aStateThatSomebodyEditedIsRefused() throws {
    let edits: [(borrowing Group) throws -> Void] = [
      { try $0.openDataset("number_value").write([9.0], in: Hyperslab(start: [0], count: [1])) },
      { try $0.openDataset("text").write(["x"], in: Hyperslab(start: [0], count: [1])) },
      { try $0.openDataset("float_vector_value").write([Float(-1)], in: Hyperslab(start: [2], count: [1])) },
      { try $0.openDataset("double_vector_length").write([Int64(3), 0]) },
    ]
    for edit in edits {
      try write()
      let file = try File(opening: path, .readWrite)
      try edit(file.root.openGroup("state"))
      try file.close()
      #expect(throws: Problem.self) { try Checkpoint.read(path) }
      try Seal.append(to: path, for: path)
      #expect { try Checkpoint.read(path) } throws: { "\($0)".contains("saved state") }
      #expect(try Verify.verify(path).contains { $0.sentence.contains("saved state") })
    }
  }

  @Test func aShardIsNoCheckpoint() throws {
    try Shard.write(Self.record, provenance: .sample, to: path)
    #expect { try Checkpoint.read(path) } throws: { "\($0)".contains("holds no saved state") }
  }

  @Test func equalStatesMakeEqualFiles() throws {
    try write()
    let first = try Data(contentsOf: URL(fileURLWithPath: path))
    try write()
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == first)
    #expect(try directory.names == ["r.h5"])
  }
}
