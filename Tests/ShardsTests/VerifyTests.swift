import Foundation
import HDF5
import Problems
import Schema
import Testing
import TestSupport

@testable import Shards

@Suite struct VerifyTests {
  let directory: TemporaryFolder
  let path: String
  let record = RunRecord.sample(
    "r", steps: 2000, measurements: 10, eigenvalues: 2, weights: .float([1, .nan, 3]))

  init() throws {
    directory = try TemporaryFolder()
    path = directory("r.h5")
  }

  func write(_ record: RunRecord) throws {
    try Shard.write(record, provenance: .sample, to: path)
  }

  /// The problems of a file that was written wrongly: it has its seal.
  func problems(_ edit: (borrowing Group) throws -> Void) throws -> String {
    try write(record)
    let file = try File(opening: path, .readWrite)
    try edit(file.root)
    try file.close()
    try Seal.append(to: path, for: path)
    return try Verify.verify(path).map(\.description).joined(separator: "\n")
  }

  @Test func goodFilesHaveNoProblems() throws {
    try write(record)
    #expect(try Verify.verify(path) == [])
    try write(RunRecord(id: "r", status: .interrupted))
    #expect(try Verify.verify(path) == [])
  }

  @Test func aMissingScaleIsFound() throws {
    let problems = try problems { root in
      let loss = try root.openDataset("train_loss")
      let other = try root.createDataset("other", of: Int64.self, shape: [2000])
      try other.makeScale(named: "other")
      try loss.attach(other, toAxis: 1)
    }
    #expect(problems.contains("train_loss lacks the dimension scale step"))
  }

  @Test func wrongFillIsFound() throws {
    let problems = try problems {
      try $0.openDataset("seed").setAttribute("_FillValue", [Int64(0)])
      try $0.openDataset("diverged_step").setAttribute("_FillValue", [Int64(0)])
      try $0.openDataset("momentum").setAttribute("_FillValue", [0.0])
    }
    for name in ["seed", "diverged_step", "momentum"] {
      #expect(problems.contains("\(name) has the wrong fill value"))
    }
  }

  @Test func aChangedValueIsFound() throws {
    let problems = try problems {
      try $0.openDataset("train_loss").write([9.0], in: Hyperslab(start: [0, 5], count: [1, 1]))
    }
    #expect(problems.contains("run r: ") && problems.contains("checksum"))
  }

  @Test(arguments: [Int64(-5), 2001, .max]) func impossibleLengthsAreFound(_ steps: Int64) throws {
    let problems = try problems { try $0.openDataset("steps_taken").write([steps]) }
    #expect(problems.contains("steps_taken is \(steps), but there is room for 2000"))
  }

  @Test func valuesInThePaddingAreFound() throws {
    let short = RunRecord.sample("s", steps: 4, measurements: 1, eigenvalues: 1)
    try Merge.merge([], plan: [record, short], into: path)
    #expect(try Verify.verify(path) == [])
    let file = try File(opening: path, .readWrite)
    try file.root.openDataset("gradient_norm").write([1.0], in: Hyperslab(start: [1, 4], count: [1, 1]))
    try file.close()
    try Seal.append(to: path, for: path)
    #expect(
      try Verify.verify(path).map(\.sentence) == ["gradient_norm holds values beyond what was recorded"])
  }

  static let broken: [(sentence: String, edit: @Sendable (inout RunRecord) -> Void)] = [
    ("finished without a stop_reason", { $0.set(.stopReason, "") }),
    ("failed without an error", { $0.status = .failed }),
    ("pending, but has recorded", { $0.status = .pending }),
    ("its status is diverged, its diverged_step missing", { $0.status = .diverged }),
    (
      "diverged_step is 3000",
      {
        $0.status = .diverged; $0.set(.divergedStep, 3000)
      }
    ),
    ("not the number of parameters", { $0.set(.parameters, 4) }),
    ("train_loss is nan at step 7", { $0.set(.trainLoss, (0..<2000).map { $0 == 7 ? .nan : 1 }) }),
    ("measured_step does not increase", { $0.set(.measuredStep, [0, 1, 2, 3, 4, 4, 6, 7, 8, 9]) }),
    ("measured_step leaves", { $0.set(.measuredStep, [0, 1, 2, 3, 4, 5, 6, 7, 8, 2001]) }),
    ("first_crossing_step is 5", { $0.set(.firstCrossingStep, 5) }),
    (
      "hessian_eigenvalues do not descend",
      { $0.set(.hessianEigenvalues, rows: Array(repeating: [1, 2], count: 10)) }
    ),
    (
      "hessian_residuals do not belong",
      { $0.set(.hessianResiduals, rows: Array(repeating: [1], count: 10)) }
    ),
    ("sharpness is not the first", { $0.set(.sharpness, Array(repeating: 1.0, count: 10)) }),
    ("status is 'done' instead of one of pending", { $0.set(.status, "done") }),
    ("regime is 'edgy'", { $0.set(.regime, "edgy") }),
    ("batch_size is negative", { $0.set(.batchSize, -1) }),
    (
      "smallest_residual does not belong",
      { $0.set(.smallestEigenvalue, Array(repeating: -1.0, count: 10)) }
    ),
    (
      "smallest_error is larger",
      {
        for variable in [Variable.smallestEigenvalue, .smallestResidual] {
          $0.set(variable, Array(repeating: 1.0, count: 10))
        }
        $0.set(.smallestError, Array(repeating: 2.0, count: 10))
      }
    ),
    ("train_accuracy leaves", { $0.set(.trainAccuracy, Array(repeating: 1.5, count: 2000)) }),
  ]

  @Test(arguments: broken.indices) func brokenInvariantsAreFound(_ index: Int) throws {
    var record = record
    Self.broken[index].edit(&record)
    try write(record)
    let problems = try Verify.verify(path)
    #expect(problems.contains { $0.sentence.contains(Self.broken[index].sentence) }, "\(problems)")
  }

  @Test func aDirectoryIsCheckedWhole() throws {
    try FileManager.default.createDirectory(atPath: directory("shards"), withIntermediateDirectories: false)
    try Shard.write(record, provenance: .sample, to: directory("shards/r.h5"))
    try "no HDF5".write(toFile: directory("shards/x.h5"), atomically: false, encoding: .utf8)
    try Data(contentsOf: URL(fileURLWithPath: directory("shards/r.h5"))).dropLast(999)
      .write(to: URL(fileURLWithPath: directory("shards/y.h5")))
    let damaged = [directory("shards/x.h5"), directory("shards/y.h5")]
    #expect(try Verify.verify(directory.path).map(\.path) == damaged)
    for path in damaged {
      let lines = Verify.findings(ofFile: path).map(\.description)
      #expect(lines.count == 1 && lines[0].components(separatedBy: path).count == 2, "\(lines)")
    }
  }
}

/// Files that eos-sweep did not write.
@Suite struct ForeignFileTests {
  let directory: TemporaryFolder
  let path: String

  init() throws {
    directory = try TemporaryFolder()
    path = directory("file.h5")
  }

  /// Checks what everyone who opens the file is told.
  func expectSentence(_ text: String) {
    let reads: [() throws -> Void] = [
      { _ = try Shard.read(path) }, { _ = try Shard.entries(path) },
      { _ = try Verify.verify(path) },
      { _ = try Compare.compare(path, path) },
    ]
    for read in reads {
      #expect(performing: read, throws: { "\($0)".contains(path) && "\($0)".contains(text) })
    }
  }

  func create(_ fill: (borrowing Group) throws -> Void) throws {
    let file = try File(creating: path)
    try fill(file.root)
    try file.close()
  }

  @Test func missing() { expectSentence("no such file") }

  @Test func text() throws {
    try "run,loss\n1,2\n".write(toFile: path, atomically: false, encoding: .utf8)
    expectSentence("not an HDF5 file")
  }

  @Test func empty() throws {
    try Data().write(to: URL(fileURLWithPath: path))
    expectSentence("; give a file")
  }

  @Test func truncated() throws {
    let record = RunRecord.sample("r", steps: 2000, measurements: 10, eigenvalues: 2)
    try Shard.write(record, provenance: .sample, to: path)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for part in [8, 100, 2000, bytes.count / 2, bytes.count - Seal.size - 1] {
      try bytes.prefix(part).write(to: URL(fileURLWithPath: path))
      expectSentence(part == 8 ? "; give a file" : "the file is truncated")
    }
  }

  @Test func otherHDF5() throws {
    try create { try $0.createDataset("x", shape: [3], fill: 0.0).write([1.0, 2, 3]) }
    expectSentence("not written by eos-sweep")
  }

  @Test func newerVersion() throws {
    try create {
      try $0.setAttribute("format", "eos-sweep")
      try $0.setAttribute("format_version", Int64(99))
    }
    expectSentence("format version 99")
    expectSentence("update eos-sweep")
  }

  @Test func withoutRuns() throws {
    try create {
      try $0.setAttribute("format", "eos-sweep")
      try $0.setAttribute("format_version", Int64(1))
      _ = try $0.createDataset("run", shape: [2, 2], fill: 0.0)
    }
    expectSentence("holds no runs")
  }

  @Test func wrongDimensions() throws {
    try create {
      try $0.setAttribute("format", "eos-sweep")
      try $0.setAttribute("format_version", Int64(1))
      try $0.createStringDataset("run", shape: [1]).write(["r"])
      _ = try $0.createDataset("steps_taken", shape: [1, 1], fill: Int64(1))
    }
    #expect(throws: Problem.self) { try Shard.read(path) }
    #expect(try Verify.verify(path).contains { $0.sentence.contains("steps_taken") })
  }
}
