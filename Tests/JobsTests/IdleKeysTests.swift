import JobFixtures
import Testing

@testable import Jobs

/// Keys without effect are noted, and no others.
@Suite struct IdleKeysTests {
  private func notes(_ lines: String...) throws -> [String] {
    let job = lines.reduce(JobText.with()) { $0 + $1 + "\n" }
    return try JobText.plan(job).notes
  }

  @Test func withoutMeasurementsNothingOfThemCounts() throws {
    let found = try notes("measure: {every: never, top: 3, trace: 8}")
    #expect(found == ["measure.top, measure.trace: without effect, because measure.every is never."])
  }

  @Test func whatBelongsToAnotherKeyNeedsIt() throws {
    let found = try notes("measure: {density_steps: 5, max_tracked: 7}")
    #expect(found.count == 2)
    #expect(found.contains { $0.hasPrefix("measure.density_steps") && $0.contains("density_probes") })
    #expect(found.contains { $0.hasPrefix("measure.max_tracked") && $0.contains("measure.track") })
    #expect(try notes("measure: {density_steps: 5, density_probes: 1}") == [])
  }

  @Test func fullBatchesHaveNoNoise() throws {
    #expect(try notes("measure: {noise_scale: 4}").count == 1)
    #expect(try notes("measure: {noise_scale: 4}", "grid: [{batch_size: [5, full]}]").count == 0)
  }

  @Test func oneRunThatUsesAKeyIsEnough() throws {
    #expect(try notes("grid: [{measure.every: [never, 5], measure.top: 1}]") == [])
    #expect(try notes("measure: {max_tracked: 7}", "grid: [{measure.track: [none, 0.5]}]") == [])
  }

  @Test func aPreconditionerThatFreezesAfterTheRunNeverDoes() throws {
    let job = JobText.with("optimizer: {name: adam, freeze_preconditioner: 10}")
    #expect(try JobText.plan(job).notes.count == 1)
    #expect(try JobText.plan(job, overrides: ["stop.steps=11"]).notes == [])
  }

  @Test func whatIsLikelyNotMeantIsNoted() throws {
    #expect(try JobText.plan(JobText.with("stop: {steps: 0}")).notes.count == 1)
    #expect(try JobText.plan(JobText.with("seed: 9007199254740992")).notes == [])
    #expect(try JobText.plan(JobText.with("seed: 9007199254740993")).notes.first?.contains("2^53") == true)
  }
}
