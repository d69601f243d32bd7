import JobFixtures
import Testing

@testable import Sweep

@Suite struct ForecastTests {
  @Test func `runs without steps have a forecast`() throws {
    let plan = try JobText.plan(JobText.with("stop: {steps: 0}"))
    #expect(try Forecast(plan, pending: [0], ranks: 2).makespan > 0)
  }
}
