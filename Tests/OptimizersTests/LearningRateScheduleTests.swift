import Foundation
import Optimizers
import Testing

@Suite struct LearningRateScheduleTests {
  @Test func theDefaultIsConstant() {
    #expect([0, 1, 1000].map { LearningRateSchedule().factor(at: $0) } == [1, 1, 1])
  }

  @Test func warmupRisesLinearlyAndNeverIsZero() {
    let schedule = LearningRateSchedule(warmup: 4)
    #expect((0..<6).map { schedule.factor(at: $0) } == [0.25, 0.5, 0.75, 1, 1, 1])
  }

  @Test func dropsAndRaisesHoldFromTheirStepsOn() {
    let schedule = LearningRateSchedule(.piecewise(steps: [2, 4], factors: [0.5, 3]), warmup: 2)
    #expect((0..<6).map { schedule.factor(at: $0) } == [0.5, 1, 0.5, 0.5, 3, 3])
  }

  @Test func theCosineComesDownToItsEnd() {
    let schedule = LearningRateSchedule(.cosine(steps: 6, final: 0.2))
    let expected = (0...6).map { 0.2 + 0.4 * (1 + cos(Double.pi * Double($0) / 6)) }
    for (step, value) in expected.enumerated() { #expect(abs(schedule.factor(at: step) - value) < 1e-15) }
    #expect(schedule.factor(at: 100) == 0.2)
    #expect(abs(LearningRateSchedule(.cosine(steps: 6, final: 0)).factor(at: 3) - 0.5) < 1e-15)
  }

  /// The whole step size is reached, however long the warm-up, and the cosine has what is left of its steps.
  @Test func theCosineBeginsWhereTheWarmupEnds() {
    let schedule = LearningRateSchedule(.cosine(steps: 10, final: 0.2), warmup: 4)
    #expect((0..<4).map { schedule.factor(at: $0) } == [0.25, 0.5, 0.75, 1])
    for step in 4...10 {
      let expected = 0.2 + 0.4 * (1 + cos(Double.pi * Double(step - 4) / 6))
      #expect(abs(schedule.factor(at: step) - expected) < 1e-15)
    }
    let late = LearningRateSchedule(.cosine(steps: 3, final: 0.2), warmup: 4)
    #expect((2..<6).map { late.factor(at: $0) } == [0.75, 1, 0.2, 0.2])
  }

  /// Looked for step by step, to find what the turning points have to give.
  @Test(arguments: [
    LearningRateSchedule(), LearningRateSchedule(warmup: 7), LearningRateSchedule(warmup: 90),
    LearningRateSchedule(.piecewise(steps: [3, 20, 49], factors: [0.5, 4, 0.25]), warmup: 30),
    LearningRateSchedule(.piecewise(steps: [60], factors: [9])),
    LearningRateSchedule(.cosine(steps: 40, final: 0.1), warmup: 5),
    LearningRateSchedule(.cosine(steps: 50, final: 0)), LearningRateSchedule(.cosine(steps: 200, final: 0.5)),
  ])
  func extremesAreThoseOfAllSteps(schedule: LearningRateSchedule) {
    for steps in [1, 2, 10, 50] {
      let factors = (0..<steps).map(schedule.factor(at:)).filter { $0 > 0 }
      let extremes = schedule.extremes(steps: steps)
      #expect(extremes.smallest == factors.min() && extremes.largest == factors.max(), "\(steps) steps")
    }
  }
}

/// Schedules as functions of real time.
@Suite struct ScheduleInTimeTests {
  @Test(arguments: [
    LearningRateSchedule(), LearningRateSchedule(warmup: 7),
    LearningRateSchedule(.piecewise(steps: [3, 20, 49], factors: [0.5, 4, 0.25]), warmup: 30),
    LearningRateSchedule(.cosine(steps: 40, final: 0.1), warmup: 5),
    LearningRateSchedule(.cosine(steps: 50, final: 0)),
  ])
  func slopesAreDerivativesBetweenSteps(schedule: LearningRateSchedule) {
    for step in 0..<60 {
      let (time, width) = (Double(step) + 0.5, 1e-4)
      let slope =
        (schedule.factor(at: time + width).value - schedule.factor(at: time - width).value) / (2 * width)
      #expect(abs(schedule.factor(at: time).slope - slope) < 1e-7)
      #expect(schedule.factor(at: Double(step)).value == schedule.factor(at: step))
    }
  }
}
