import Foundation
import JobFixtures
import Optimizers
import Schema
import Testing
import TestSupport

@testable import Jobs

@Suite struct PlanTests {
  @Test func `the built-in sweep is the one in jobs`() throws {
    let file = try String(contentsOf: repository.appending(path: "jobs/quickstart.yaml"), encoding: .utf8)
    #expect(SweepPlan.quickstartYAML == file)
  }

  @Test func `the quickstart covers four optimizers, two batch sizes and a divergence`() throws {
    let plan = try SweepPlan.quickstart()
    #expect(plan.name == "quickstart")
    #expect(plan.runs.count >= 14)
    #expect(Set(plan.runs.map(\.optimizer.name)) == ["gd", "heavy-ball", "rmsprop", "adam"])
    #expect(Set(plan.runs.map(\.batchSize)) == [.full, .examples(10)])
    #expect(
      plan.runs.contains {
        $0.optimizer == OptimizerConfiguration("heavy-ball", [.momentum: 0.9]) && $0.learningRate == 0.4
      })
    #expect(plan.notes.isEmpty)
  }

  @Test func `residuals have their standard budget unless the job gives another`() throws {
    #expect(try JobText.plan(JobText.with()).residualMemory == 1 << 30)
    #expect(try JobText.plan(JobText.with("residual_memory: 0.25")).residualMemory == 1 << 28)
    #expect(try JobText.plan(JobText.with("residual_memory: 0")).residualMemory == 0)
  }
}
