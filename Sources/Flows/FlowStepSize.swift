public import Optimizers

/// The step size of the optimizer as a function of time, of which a unit is one step.
public struct FlowStepSize: Sendable, Hashable {
  /// What the schedule multiplies.
  public let learningRate: Double
  /// How it changes along the run.
  public let schedule: LearningRateSchedule

  /// A step size with its schedule, in absolute numbers.
  public init(_ learningRate: Double, _ schedule: LearningRateSchedule = LearningRateSchedule()) {
    (self.learningRate, self.schedule) = (learningRate, schedule)
  }

  /// The step size `eta` and its derivative by time; at a whole number that of the step.
  public func at(_ time: Double) -> (value: Double, slope: Double) {
    let factor = schedule.factor(at: time)
    return (learningRate * factor.value, learningRate * factor.slope)
  }
}
