import JobFixtures
import Jobs
import Shards
import Testing
import Training

@testable import Sweep

@Suite struct ForecastTests {
  @Test func `runs without steps have a forecast`() throws {
    let plan = try JobText.plan(JobText.with("stop: {steps: 0}"))
    #expect(try Forecast(plan, pending: [0], ranks: 2).makespan > 0)
  }

  /// A forecast of the plan's runs, each of which takes some seconds as an earlier session saw it.
  private func forecast(
    _ plan: SweepPlan, seconds: Double, ranks: Int, limit: Double? = nil
  ) throws -> Forecast {
    var session = Manifest.Session(started: "2026-01-31T18:45:02Z", provenance: Provenance(version: "0"))
    let cost = try PlanCosts(plan)[0].operations
    session.secondsPerCostOfKinds = [plan.runs[0].id: seconds / cost]
    return try Forecast(
      plan, pending: Array(plan.runs.indices), after: [session], ranks: ranks, limit: limit)
  }

  @Test func `what sessions saw is taken for what runs take`() throws {
    let plan = try JobText.plan(JobText.with("seed: 3"))
    #expect(abs(try forecast(plan, seconds: 50, ranks: 1).makespan - 50) < 1e-6)
  }

  @Test(arguments: [(0.5, 1), (3.0, 4), (9.1, 11)])
  func `jobs of a second are used up to their margin`(seconds: Double, jobs: Int) throws {
    // 0.9 s of each are left for computing.
    let plan = try JobText.plan(JobText.with("seed: 3"))
    #expect(try forecast(plan, seconds: seconds, ranks: 1, limit: 1).jobs == jobs)
  }

  @Test func `branches wait for the run that they start from`() throws {
    let source = JobText.with("keep_state: true", "grid: [{seed: 1}]")
    let id = try JobText.plan(source).runs[0].id
    let plan = try JobText.plan(
      JobText.with("keep_state: true", "grid: [{seed: 1}, {seed: [2, 3], init: {run: \(id)}}]"))
    let entries = try forecast(plan, seconds: 50, ranks: 4).entries
    #expect(entries[0].run == 0 && entries.map(\.run).sorted() == [0, 1, 2])
    #expect(entries.dropFirst().allSatisfy { $0.start >= entries[0].end })
  }
}
