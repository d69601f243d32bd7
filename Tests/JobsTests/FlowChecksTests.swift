import Flows
import JobFixtures
import Optimizers
import Testing

@testable import Jobs

/// Points of a grid for which there is no flow: mistakes, or left out.
@Suite struct FlowChecksTests {
  @Test(arguments: [
    BadLine("optimizer: heavy-ball", "'process'", "heavy-ball has no flow", "unsupported: skip"),
    BadLine("optimizer: {name: gd, weight_decay: 0.1}", "'process'", "weight decay", "process: optimizer"),
    BadLine("optimizer: {name: rmsprop, freeze_preconditioner: 5}", "'process'", "freeze"),
    BadLine("batch_size: 5", ":6:", "'batch_size'", "minibatches", "write 'full'"),
    BadLine(
      "model: {name: mlp, hidden: [10], activation: relu}", ":3:", "'model.activation'", "relu", "tanh"),
    BadLine("model: {name: mlp, hidden: [10], activation: elu}", ":3:", "'model.activation'", "elu", "gelu"),
  ])
  func `there is no central flow, and the sentence says why`(_ bad: BadLine) {
    let problems = JobText.problems(JobText.with(bad.line, "process: central-flow"))
    #expect(problems.count == 1, "\(problems)")
    for fragment in bad.expected {
      #expect(problems.first?.contains(fragment) == true, "\(fragment) is not in: \(problems)")
    }
  }

  @Test func `max pooling has no third derivatives`() {
    let images = "data: {name: gaussian-mixture, features: 64, classes: 3, examples: 20}"
    let cnn = "model: {name: cnn, pooling: max, channels: [2]}"
    let problems = JobText.problems(JobText.with(images, cnn, "process: central-flow"))
    #expect(
      problems.contains { $0.contains("'model.pooling'") && $0.contains("average or none") }, "\(problems)")
  }

  @Test(arguments: ["gradient-flow", "rod-flow"]) func `some flows are of gd only`(process: String) {
    let problems = JobText.problems(JobText.with("optimizer: rmsprop", "process: \(process)"))
    #expect(problems.count == 1 && problems[0].contains("of gd only"))
  }

  @Test func `kinks are no matter of flows without third derivatives`() {
    let relu = "model: {name: mlp, hidden: [10], activation: relu}"
    for process in ["gradient-flow", "stable-flow", "rod-flow", "optimizer"] {
      #expect(JobText.problems(JobText.with(relu, "process: \(process)")) == [])
    }
  }

  private static let mixed = """
    grid:
      - optimizer: [gd, heavy-ball, rmsprop]
        process: [optimizer, central-flow, rod-flow]
        batch_size: [full, 5]
    """

  @Test func `what has no flow is left out where the job says so`() throws {
    #expect(JobText.problems(JobText.with(Self.mixed)).count > 1)
    let plan = try JobText.plan(JobText.with(Self.mixed), overrides: ["flow.unsupported=skip"])
    let flows = plan.runs.compactMap { run in run.process.map { "\(run.optimizer.name) \($0.rawValue)" } }
    #expect(flows == ["gd central-flow", "gd rod-flow", "rmsprop central-flow"])
    #expect(plan.runs.count == 6 + flows.count)
    let notes = plan.notes.filter { $0.hasPrefix("flow.unsupported") }
    #expect(notes.contains { $0.contains("heavy-ball has no flow") })
    #expect(notes.reduce(0) { $0 + (Int($1.split(separator: " ")[1]) ?? 0) } == 12 - flows.count)
  }

  @Test func `a sweep of which nothing is left is a mistake`() {
    let problems = JobText.problems(
      JobText.with("optimizer: adam", "process: rod-flow", "flow: {unsupported: skip}"))
    #expect(problems.count == 1 && problems[0].contains("every run"), "\(problems)")
  }

  @Test func `keys of flows are idle without one`() throws {
    func notes(_ lines: String...) throws -> [String] {
      try JobText.plan(lines.reduce(JobText.with()) { $0 + $1 + "\n" }).notes
    }
    #expect(
      try notes("flow: {substeps: 4}") == [
        "flow.substeps: without effect, because the process is the optimizer."
      ])
    #expect(try notes("flow: {unsupported: skip}") == [])
    #expect(try notes("flow: {substeps: 4}", "grid: [{process: [optimizer, rod-flow]}]") == [])
    #expect(try notes("process: rod-flow", "flow: {tolerance: 0.1}").count == 1)
    #expect(try notes("process: stable-flow", "flow: {critical: 1.9}").count == 1)
    #expect(try notes("process: central-flow", "measure: {at: midpoint}").count == 1)
    #expect(try notes("measure: {at: midpoint}", "grid: [{process: [optimizer, central-flow]}]") == [])
  }

  @Test func `the id of a flow names it, and that of an optimizer is as before`() throws {
    let plan = try JobText.plan(JobText.with("grid: [{process: [optimizer, central-flow]}]"))
    #expect(plan.runs[0].id == (try JobText.plan(JobText.with())).runs[0].id)
    #expect(plan.runs[1].id.wholeMatch(of: /gd-central-flow-lr0\.1-bfull-s0-[0-9a-f]{8}/) != nil)
  }
}
