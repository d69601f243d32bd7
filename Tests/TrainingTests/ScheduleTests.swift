import JobFixtures
import Jobs
import Optimizers
import Schema
import Shards
import Testing

@testable import Probes
@testable import Training

@Suite struct ScheduleTests {
  private static func run(_ changes: String...) throws -> RunConfiguration {
    let yaml = """
      name: schedules
      data: {name: chebyshev, degree: 3, points: 20}
      model: {name: mlp, hidden: [20], activation: tanh}
      precision: double
      optimizer: gd
      learning_rate: 0.05
      stop: {steps: 40}
      measure: {every: 5, top: 1, tolerance: 1e-8}
      """
    return try JobFile.plan(yaml: yaml, file: "job.yaml", overrides: changes).runs[0]
  }

  private static func train(_ run: RunConfiguration) throws -> Trained { try Trained(run) }

  @Test(arguments: [
    ("{warmup: 10}", LearningRateSchedule(warmup: 10)),
    (
      "{name: piecewise, at: [7, 20], factors: [0.5, 2]}",
      .init(.piecewise(steps: [7, 20], factors: [0.5, 2]))
    ),
    ("{name: cosine, warmup: 3, final: 0.1}", .init(.cosine(steps: 40, final: 0.1), warmup: 3)),
    ("{name: cosine, steps: 20}", .init(.cosine(steps: 20, final: 0))),
  ])
  func theJobSaysTheSchedule(text: String, schedule: LearningRateSchedule) throws {
    let run = try Self.run("schedule=\(text)")
    #expect(run.schedule == schedule)
    let result = try Self.train(run)
    #expect(result.stepSize == (0..<40).map { 0.05 * schedule.factor(at: $0) })
    let thresholds = result.measuredSteps.map { 2 / (0.05 * schedule.factor(at: $0)) }
    #expect(result.recording.values(.stabilityThreshold) == thresholds)
  }

  /// A constant step size of half the size, reached by a drop at step 0.
  @Test func stepsAreTakenWithTheScheduledSize() throws {
    let dropped = try Self.train(Self.run("schedule={name: piecewise, at: [0], factors: [0.5]}"))
    let small = try Self.train(Self.run("learning_rate=0.025"))
    #expect(dropped.trainLoss == small.trainLoss)
  }

  /// In units of the critical step size the first ratio of sharpness to threshold is the number written.
  @Test(arguments: ["gd", "heavy-ball", "adam", "adamw", "{name: rmsprop, weight_decay: 0.1}", "nadam"])
  func criticalStepSizesPutTheStartAtTheThreshold(optimizer: String) throws {
    let run = try Self.run(
      "optimizer=\(optimizer)", "schedule.unit=critical", "learning_rate=1.2", "stop.steps=1")
    let result = try Self.train(run)
    let top = try #require(result.recording.values(.preconditionedSharpness).first)
    let threshold = try #require(result.recording.values(.stabilityThreshold).first)
    let filtered = 2 - (optimizer == "adamw" ? 0.01 * result.learningRate : 0)
    // 1.2 times the critical step size; decoupled decay bends the line a little.
    let ratio = top / threshold
    #expect(
      abs(ratio - 1.2) < 1e-6 * ratio || (optimizer == "adamw" && abs(ratio - 1.2) < 1.2 * (2 - filtered)))
    #expect(result.stepSize == [result.learningRate])
  }

  /// One number decides the whole run, so a search that did not end fails the run with what to do.
  @Test func anUnfinishedSearchGivesNoCriticalStepSize() throws {
    let run = try Self.run("schedule.unit=critical", "stop.steps=1", "measure.max_products=1")
    #expect {
      _ = try Self.train(run)
    } throws: {
      ($0 as? RunError)?.description.hasPrefix("measure.max_products: 1 ") == true
    }
  }

  @Test(
    arguments: [
      (2.5, true, nil), (2.5, false, "measure.max_products: 7 "), (.nan, false, "not a finite number"),
      (-1, true, "no positive curvature"),
    ] as [(Double, Bool, String?)])
  func onlyAKnownPositiveSharpnessIsCritical(value: Double, isConverged: Bool, sentence: String?) {
    var spectrum = Spectrum(values: [value], residuals: [0])
    spectrum.converged = [isConverged]
    let first = Measurement(
      step: 0, stabilityThreshold: 1, hessian: spectrum, preconditioned: spectrum, products: 7,
      converged: isConverged, gradientAlignment: 0, test: nil)
    do throws(RunError) {
      #expect(try first.criticalSharpness(maximumProducts: 7) == value && sentence == nil)
    } catch {
      #expect(sentence.map(error.description.contains) == true, "\(error)")
    }
  }

  @Test func schedulesAreCheckedBeforeAnythingRuns() {
    for (schedule, part) in [
      ("{name: piecewise, at: [10, 5], factors: [1, 2]}", "do not increase"),
      ("{name: piecewise, at: [10], factors: [1, 2]}", "2 factors for 1 steps"),
      ("{name: piecewise, at: [10]}", "missing"),
      ("{at: [10], factors: [1]}", "does not belong to constant"),
      ("{name: cosine, final: 2}", "out of range"), ("linear", "known: constant, piecewise, cosine"),
    ] {
      let problems = JobText.problems(JobText.with("schedule: \(schedule)"))
      #expect(problems.contains { $0.contains(part) }, "\(schedule): \(problems)")
    }
  }

  /// What every schedule has remains where the grid chooses another.
  @Test func theGridChoosesSchedules() throws {
    let text = JobText.with(
      "schedule: {warmup: 5, unit: critical}",
      "grid: [{schedule: [{name: cosine}, {warmup: 5}], seed: [0, 1]}]")
    let runs = try JobText.plan(text).runs
    #expect(runs.map(\.schedule.course.name) == ["cosine", "cosine", "constant", "constant"])
    #expect(runs.map(\.schedule.warmup) == [5, 5, 5, 5])
    #expect(runs.allSatisfy { $0.learningRateUnit == .critical })
    #expect(Set(runs.map(\.id)).count == 4)
  }

  @Test func theDefaultScheduleIsNoPartOfIds() throws {
    let plain = try JobText.plan(JobText.with()).runs[0].id
    let spelled = try JobText.plan(JobText.with("schedule: {name: constant, warmup: 0, unit: absolute}"))
    #expect(spelled.runs[0].id == plain)
    #expect(try JobText.plan(JobText.with("schedule: {warmup: 1}")).runs[0].id != plain)
  }
}
