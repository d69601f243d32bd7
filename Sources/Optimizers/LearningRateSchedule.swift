internal import LinearAlgebra
package import Schema

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
  public func factor(at step: Int) -> Double { factor(at: Double(step)).value }

  /// The factor as a function of real time, that of step t at time t, with its derivative, which leaves out jumps.
  public func factor(at time: Double) -> (value: Double, slope: Double) {
    let (course, slope) = courseFactor(at: time)
    guard time + 1 < Double(warmup) else { return (course, slope) }
    let rise = (time + 1) / Double(warmup)
    return (rise * course, course / Double(warmup) + rise * slope)
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

  private func courseFactor(at time: Double) -> (value: Double, slope: Double) {
    switch course {
    case .constant: return (1, 0)
    case .piecewise(let steps, let factors):
      return (steps.lastIndex { Double($0) <= time }.map { factors[$0] } ?? 1, 0)
    case .cosine(let steps, let final):
      guard time >= Double(warmup) else { return (1, 0) }
      guard time < Double(steps) else { return (final, 0) }
      let length = Double(steps - warmup)
      let (cosine, sine) = ElementaryFunctions.turn((time - Double(warmup)) / length / 2)
      return (final + (1 - final) * (1 + cosine) / 2, -(1 - final) * sine * .pi / (2 * length))
    }
  }
}

// MARK: - In job files

extension LearningRateSchedule {
  /// The keys of the section `schedule` that say how the step size changes.
  package static let keys =
    [Key](
      section: "schedule", about: "Course of the step size after the warm-up.", default: "constant",
      of: [("constant", []), ("piecewise", [at, factors]), ("cosine", [steps, final])]) + [warmupKey]

  private static let warmupKey = Key(
    "schedule.warmup", .integer(0...Int.max), default: 0,
    about: "Steps over which the step size rises linearly: step t, from 0, has (t + 1) / warmup of it.")
  private static let at = Key(
    "schedule.at", .integers(0...Int.max),
    about: "Steps from which on another step size holds, in increasing order.")
  private static let factors = Key(
    "schedule.factors", .reals(.positive),
    about: "What `learning_rate` is multiplied by from each of these steps on.")
  private static let steps = Key(
    "schedule.steps", .integer(1...Int.max, or: ["all"]), default: "all",
    about:
      "Step at which the cosine, which begins after the warm-up, has come down; `all`: the last, `stop.steps`."
  )
  private static let final = Key(
    "schedule.final", .real(.unit), default: 0.0,
    about: "Fraction of the step size to which the cosine comes down.")

  /// Reads the schedule of a run that ends after `lastStep` steps.
  package init(_ settings: Settings, lastStep: Int) {
    let course: Course =
      switch settings["schedule.name"] {
      case "piecewise":
        .piecewise(steps: settings.value(Self.at), factors: settings.value(Self.factors))
      case "cosine":
        .cosine(
          steps: settings.value(Self.steps, as: Int?.self) ?? lastStep, final: settings.value(Self.final))
      default: .constant
      }
    self.init(course, warmup: settings.value(Self.warmupKey))
  }
}
