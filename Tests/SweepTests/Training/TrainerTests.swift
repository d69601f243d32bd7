import Learning
import Measurement
import Shards
import Testing

@testable import Sweep

@Suite struct TrainerTests {
  private static func run(_ changes: String...) throws -> RunConfiguration {
    let yaml = """
      name: trainer
      data: {name: chebyshev, degree: 3, points: 20}
      model: {name: mlp, hidden: [20], activation: tanh}
      loss: mse
      precision: double
      optimizer: gd
      learning_rate: 0.05
      stop: {steps: 40}
      measure: {every: 10, top: 2}
      """
    return try JobFile.plan(yaml: yaml, file: "trainer.yaml", overrides: changes).runs[0]
  }

  private static func train(
    _ run: RunConfiguration, heartbeat: (Int) throws -> Void = { _ in }
  ) throws -> RunResult {
    let data = try run.data.load(as: Double.self)
    return try Trainer(run, data: data, reduction: SoloReduction()).train(heartbeat: heartbeat)
  }

  @Test func recordsEveryStepAndEveryMeasurement() throws {
    let result = try Self.train(Self.run())
    #expect(result.outcome == .finished(.steps))
    #expect(result.steps == 40)
    #expect(result.gradientNorm.count == 40)
    #expect(result.measurements.map(\.step) == [0, 10, 20, 30])
    #expect(result.hessianProducts == result.measurements.map(\.products).reduce(0, +))
    #expect(result.finalWeights == nil)
    #expect(result.parameterCount == 61)
  }

  /// Below the threshold gradient descent decreases the loss at every step, by about `eta |g|^2`.
  @Test func smallStepsDescendAsTheGradientSays() throws {
    let rate = 1e-4
    let result = try Self.train(Self.run("learning_rate=\(rate)"))
    for (step, norm) in result.gradientNorm.dropLast().enumerated() {
      let decrease = result.trainLoss[step] - result.trainLoss[step + 1]
      #expect(abs(decrease - rate * norm * norm) < 0.01 * rate * norm * norm)
    }
  }

  @Test func stopsAtALossGoal() throws {
    let free = try Self.train(Self.run())
    let goal = free.trainLoss[17]
    let result = try Self.train(Self.run("stop.train_loss=\(goal)"))
    #expect(result.outcome == .finished(.trainLoss))
    #expect(result.trainLoss == Array(free.trainLoss.prefix { $0 > goal }) + [result.trainLoss.last])
  }

  @Test func divergenceIsAResultWithItsStep() throws {
    let result = try Self.train(Self.run("learning_rate=1e6", "stop.loss_limit=100"))
    guard case .diverged(let step) = result.outcome else {
      Issue.record("\(result.outcome)")
      return
    }
    #expect(step == result.steps - 1)
    #expect(!(result.trainLoss[step] <= 100 * result.trainLoss[0]))
    #expect(result.trainLoss.dropLast().allSatisfy { $0 <= 100 * result.trainLoss[0] })
  }

  @Test func aHeartbeatCanLeaveTheRun() throws {
    #expect(throws: GroupDissolved.self) {
      _ = try Self.train(Self.run()) { if $0 == 7 { throw GroupDissolved() } }
    }
  }

  @Test func crossingIsTheFirstMeasurementAtTheThreshold() throws {
    var result = try Self.train(Self.run())
    let sharpness = result.measurements.map { $0.hessian.values[0] }
    for index in result.measurements.indices { result.measurements[index].stabilityThreshold = sharpness[2] }
    let expected = sharpness.firstIndex { $0 >= sharpness[2] }
    #expect(result.firstCrossingStep == expected.map { 10 * $0 })
    for index in result.measurements.indices { result.measurements[index].stabilityThreshold = .infinity }
    #expect(result.firstCrossingStep == nil)
  }

  @Test func keptWeightsContinueTheRun() throws {
    let whole = try Self.train(Self.run("keep_weights=final"))
    let kept = try #require(whole.finalWeights)
    #expect(kept.count == 61)
    let first = try Self.train(Self.run("keep_weights=final", "stop.steps=39"))
    #expect(first.trainLoss == Array(whole.trainLoss.prefix(39)))
    #expect(try #require(first.finalWeights).doubles != kept.doubles)
  }
}
