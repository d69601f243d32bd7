import Datasets
import Flows
import Jobs
import Learning
import Schema
import Shards
import Testing

@testable import Training

/// Flows as runs: where they begin, what they say, and how they end.
@Suite struct FlowCourseTests {
  private let folder: RunFolder

  init() throws { folder = try RunFolder() }

  private static func run(_ changes: String...) throws -> RunConfiguration {
    let yaml = """
      name: flows
      data: {name: chebyshev, degree: 4, points: 20}
      model: {name: mlp, hidden: [10], activation: tanh}
      precision: double
      optimizer: gd
      learning_rate: 0.2
      stop: {steps: 12}
      measure: {every: 4}
      keep_weights: final
      """
    return try JobFile.plan(yaml: yaml, file: "job.yaml", overrides: changes).runs[0]
  }

  private func train(_ run: RunConfiguration) throws -> (record: RunRecord, notes: [String]) {
    var attempt = RunAttempt(
      run, saving: CheckpointRule(seconds: nil), in: folder.files, provenance: folder.provenance,
      reduction: SoloReduction())
    guard
      case .ended(let record) = try attempt.compute(
        run.data.load(as: Double.self), residualMemory: .max, progress: { _ in })
    else { throw GroupLeaving() }
    return (record, attempt.notes)
  }

  /// The same weights, whatever is measured of them.
  @Test(arguments: FlowKind.allCases) func whatIsMeasuredChangesNoFlow(kind: FlowKind) throws {
    let run = "process=\(kind.rawValue)"
    let often = try train(Self.run(run, "measure={every: 1, trace: 4, smallest: true}")).record
    let never = try train(Self.run(run, "measure.every=never")).record
    #expect(often.reals(.trainLoss) == never.reals(.trainLoss))
    #expect(often.weights?.doubles == never.weights?.doubles)
    #expect(often.text(.process) == kind.rawValue)
  }

  @Test func theStepsOfAWarmStartAreTheOptimizers() throws {
    let optimizer = try train(Self.run("optimizer={name: rmsprop, beta2: 0.9}", "learning_rate=0.01")).record
    let flow = try train(
      Self.run(
        "optimizer={name: rmsprop, beta2: 0.9}", "learning_rate=0.01", "process=stable-flow",
        "flow={warm_start: 5, sharpness_limit: 1e9}")
    ).record
    #expect(flow.reals(.trainLoss).prefix(6) == optimizer.reals(.trainLoss).prefix(6))
    #expect(flow.reals(.trainLoss)[7] != optimizer.reals(.trainLoss)[7])
    let predicted = flow.reals(FlowVariables.loss)
    #expect(predicted.prefix(5).allSatisfy { $0.isNaN } && predicted.dropFirst(5).allSatisfy { $0.isFinite })
    #expect(
      flow.integers(FlowVariables.substeps).prefix(6).map { $0 > 0 } == [
        false, false, false, false, false, true,
      ])
  }

  /// The preconditioner that a measurement is held against is that of the optimizer where the flow begins.
  @Test func aFlowBeginsWhereItsOptimizerIs() throws {
    let keys = [
      "optimizer={name: rmsprop, beta2: 0.9}", "learning_rate=0.01", "measure.every=1", "stop.steps=1",
    ]
    func record(_ more: [String]) throws -> RunRecord {
      let yaml = "name: flows\ndata: {name: chebyshev}\nmodel: {name: mlp, hidden: [10]}\nprecision: double\n"
      return try train(JobFile.plan(yaml: yaml, file: "job.yaml", overrides: keys + more).runs[0]).record
    }
    let (optimizer, flow) = (
      try record([]), try record(["process=stable-flow", "flow.sharpness_limit=1e9"])
    )
    let (first, second) = (
      optimizer.reals(.preconditionedSharpness)[0], flow.reals(.preconditionedSharpness)[0]
    )
    #expect(abs(first - second) <= 1e-9 * first)
    #expect(flow.reals(.stabilityThreshold) == [200])
  }

  @Test func aBranchFromAnOptimizersStateIsAFlowWithAWarmStart() throws {
    let keys = ["optimizer={name: rmsprop, beta2: 0.9}", "learning_rate=0.01"]
    let source = try JobFile.plan(
      yaml: Self.branching, file: "job.yaml", overrides: keys + ["keep_state=true", "stop.steps=5"]
    ).runs[0]
    _ = try train(source)
    let flow = keys + ["process=central-flow", "flow.sharpness_limit=1e9"]
    let branch = try train(
      JobFile.plan(
        yaml: Self.branching, file: "job.yaml", overrides: flow + ["init.run=\(source.id)", "stop.steps=7"]
      ).runs[0]
    ).record
    let warm = try train(
      JobFile.plan(
        yaml: Self.branching, file: "job.yaml", overrides: flow + ["flow.warm_start=5", "stop.steps=12"]
      ).runs[0]
    ).record
    #expect(branch.reals(.trainLoss) == Array(warm.reals(.trainLoss)[5...]))
    #expect(branch.weights?.doubles == warm.weights?.doubles)
  }

  private static let branching = """
    name: flows
    data: {name: chebyshev}
    model: {name: mlp, hidden: [10]}
    precision: double
    keep_weights: final
    measure: {every: never}
    """

  /// Three times as sharp as the edge is beyond a limit of 2.5 times.
  @Test(arguments: [FlowKind.gradientFlow, .stableFlow, .centralFlow])
  func aFlowThatCannotGoOnSaysWhere(kind: FlowKind) throws {
    let (record, notes) = try train(
      Self.run(
        "process=\(kind.rawValue)", "schedule.unit=critical", "learning_rate=3", "flow.sharpness_limit=5"))
    #expect(record.status == .halted && record.stepCount == 1 && record.measurementCount == 1)
    #expect(record.text(.stopReason) == "too_sharp")
    let detail = try #require(record.text(.stopDetail))
    #expect(detail.hasPrefix("at step 0: the largest eigenvalue") && detail.contains("limit of 5"))
    #expect(notes.count == 1 && notes[0].contains(detail))
  }

  /// Far below the edge all four are one path; that of the rod differs by the error of gradient descent, half of the eigenvalue.
  @Test func belowTheEdgeFlowsAreGradientFlow() throws {
    let weights = try FlowKind.allCases.map { kind in
      try train(Self.run("process=\(kind.rawValue)", "learning_rate=0.001", "flow.substeps=16")).record
        .weights?.doubles ?? []
    }
    let still = try train(Self.run("learning_rate=1e-9")).record.weights?.doubles ?? []
    func distance(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
    let path = distance(weights[0], still)
    #expect(path > 1e-4)
    for other in weights.dropFirst() { #expect(distance(other, weights[0]) < 0.005 * path) }
  }
}
