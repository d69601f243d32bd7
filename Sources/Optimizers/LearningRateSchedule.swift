internal import Foundation

/// How the step size changes along a run: `eta_t = eta * factor(t)`.
public struct LearningRateSchedule: Sendable, Hashable {
  /// The course after the warm-up, as factors of the step size.
  public enum Course: Sendable, Hashable {
    /// 1 throughout.
    case constant
    /// 1 at first, then `factors[i]` from step `steps[i]` of the run on; steps increase.
    case piecewise(steps: [Int], factors: [Double])
    /// From 1 at the end of the warm-up down to `final` at step `steps` of the run, where it stays:
    /// `final + (1 - final) (1 + cos(pi x)) / 2` with `x = (t - warmup) / (steps - warmup)`.
    case cosine(steps: Int, final: Double)

    /// The name in job files and result files.
    public var name: String {
      switch self {
      case .constant: "constant"
      case .piecewise: "piecewise"
      case .cosine: "cosine"
      }
    }
  }

  /// Steps over which the step size rises linearly, as `(t + 1) / warmup`; 0: none.
  public let warmup: Int
  /// What the warm-up is multiplied with.
  public let course: Course

  /// Makes a schedule.
  public init(_ course: Course = .constant, warmup: Int = 0) {
    (self.course, self.warmup) = (course, warmup)
  }

  /// The factor at step `step`, counted from 0.
  public func factor(at step: Int) -> Double {
    (step < warmup ? Double(step + 1) / Double(warmup) : 1) * courseFactor(at: step)
  }

  /// The smallest factor above 0 and the largest one of a run of so many steps.
  public func extremes(steps: Int) -> (smallest: Double, largest: Double) {
    var turns = [0, warmup, steps]
    if case .piecewise(let at, _) = course { turns += at }
    // Between two turns the factor rises all the way or falls all the way.
    let places = Set(turns.flatMap { [$0 - 1, $0] }).filter { 0..<max(steps, 1) ~= $0 }
    let factors = places.map(factor(at:)).filter { $0 > 0 }
    return (factors.min() ?? 1, factors.max() ?? 1)
  }

  private func courseFactor(at step: Int) -> Double {
    switch course {
    case .constant: return 1
    case .piecewise(let steps, let factors):
      return steps.lastIndex { $0 <= step }.map { factors[$0] } ?? 1
    case .cosine(let steps, let final):
      guard step >= warmup else { return 1 }
      guard step < steps else { return final }
      let progress = Double(step - warmup) / Double(steps - warmup)
      return final + (1 - final) * (1 + cos(.pi * progress)) / 2
    }
  }
}
