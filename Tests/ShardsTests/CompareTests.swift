import Testing
import TestSupport

@testable import Shards

@Suite struct CompareTests {
  let directory: TemporaryFolder

  init() throws { directory = try TemporaryFolder() }

  func compare(_ first: RunRecord, _ second: RunRecord, tolerance: Double = 0) throws -> ComparisonReport {
    try Shard.write(first, provenance: .sample, to: directory("a"))
    try Shard.write(second, provenance: Provenance(version: "9"), to: directory("b"))
    return try Compare.compare(directory("a"), directory("b"), tolerance: tolerance)
  }

  let record = RunRecord.sample(
    "r", steps: 20, measurements: 10, eigenvalues: 2, weights: .float([1, .nan, 3]))

  @Test func bookkeepingDoesNotCount() throws {
    var other = record
    other.set(.wallSeconds, 12)
    other.set(.ranks, 4)
    other.set(.productsUsed, Array(repeating: 3, count: 10))
    #expect(try compare(record, other).isEqual)
  }

  @Test func theEarliestStepIsReportedFirst() throws {
    var other = record
    var (losses, sharpness) = (record.reals(.trainLoss), record.reals(.sharpness))
    losses[9] = losses[9].nextUp
    losses[10] = .nan
    sharpness[3] += 1
    other.set(.trainLoss, losses)
    other.set(.sharpness, sharpness)
    other.weights = .float([1, .nan, 4])
    let report = try compare(record, other)
    #expect(report.differingValues == 4)
    #expect(report.differingRuns == 1)
    #expect(report.firstDifference?.variable == "sharpness")
    #expect(report.firstDifference?.step == 6)
    #expect(report.firstDifference?.first == "103.0")
    #expect(report.firstDifference?.second == "104.0")
  }

  @Test func toleranceIsRelative() throws {
    var other = record
    other.set(.trainLoss, record.reals(.trainLoss).map { $0 * (1 + 1e-9) })
    #expect(try !compare(record, other).isEqual)
    #expect(try compare(record, other, tolerance: 1e-8).isEqual)
    #expect(try !compare(record, other, tolerance: 1e-10).isEqual)
  }

  @Test func infinityAgreesOnlyWithItself() throws {
    var (one, other) = (record, record)
    one.set(.learningRate, .infinity)
    other.set(.learningRate, 1)
    #expect(try !compare(one, other, tolerance: 0.5).isEqual)
    #expect(try compare(one, one, tolerance: 0.5).isEqual)
  }

  @Test func precisionOfTheWeightsInTheFileDoesNotMatter() throws {
    var other = record
    other.weights = .double([1, .nan, 3])
    #expect(try compare(record, other).isEqual)
  }

  @Test func aLongerRunDiffersInItsLength() throws {
    let longer = RunRecord.sample("r", steps: 25, measurements: 10, eigenvalues: 3, weights: record.weights)
    let report = try compare(record, longer)
    #expect(report.differingValues == 2)
    #expect(report.firstDifference?.variable == "steps_taken")
    #expect(report.firstDifference?.step == nil)
  }

  @Test func aDifferentOutcomeIsTold() throws {
    let other = RunRecord.sample(
      "r", status: .diverged, steps: 20, measurements: 10, eigenvalues: 2, weights: record.weights)
    let difference = try compare(record, other).firstDifference
    #expect(difference?.description == "run r: status is finished in the first, diverged in the second")
  }

  @Test func nothingToCompareIsAnError() throws {
    for (name, run) in [("a", RunRecord(id: "r")), ("b", record)] {
      try Merge.merge([], plan: [run], into: directory(name))
    }
    #expect(
      performing: { try Compare.compare(directory("a"), directory("b")) },
      throws: { "\($0)".contains("no run has results both here and in \(directory("b"))") })
  }

  @Test func aRunOnOneSideIsADifference() throws {
    let plan = [record, RunRecord(id: "never")]
    for (name, runs) in [
      ("a", plan), ("b", plan + [.sample("s", steps: 1, measurements: 0, eigenvalues: 0)]),
    ] {
      try Merge.merge([], plan: runs, into: directory(name))
    }
    let report = try Compare.compare(directory("a"), directory("b"))
    #expect(report.runsCompared == 1)
    #expect(report.onlyInFirst == [])
    #expect(report.onlyInSecond == ["s"])
    #expect(!report.isEqual)
  }
}
