public import Jobs
import Training

/// What a plan would take: the scheduler run on simulated time with measured costs.
public struct Forecast: Sendable {
  /// One run of the simulated sweep.
  public struct Entry: Sendable {
    /// Index into the plan's runs.
    public let run: Int
    /// The group.
    public let ranks: [Int]
    /// Seconds from the start of the sweep.
    public let start: Double
    /// Seconds from the start of the sweep.
    public let end: Double
  }

  /// What one rank keeps between Hessian products, in the run that keeps most.
  public let residuals: String?
  /// In order of their start.
  public private(set) var entries: [Entry] = []
  /// Seconds until the last run ends.
  public var makespan: Double { entries.map(\.end).max() ?? 0 }

  /// Measures every kind of run on this machine and simulates.
  ///
  /// - Throws: what loading data and building models throws.
  public init(_ plan: SweepPlan, pending: [Int], ranks: Int) throws {
    var timings = TimingCache(residualMemory: plan.residualMemory)
    let costs = try PlanCosts(plan)
    let seconds = try pending.map { try timings.seconds(of: plan.runs[$0]) }
    residuals = timings.residuals?.summary
    var scheduler = Scheduler(
      runs: zip(pending, seconds).map { .init(cost: $1, maximumGroup: costs[$0].maximumGroup) },
      ranks: SweepSession.workers(of: ranks), ranksPerRun: plan.ranksPerRun)
    var underWay: [(end: Double, number: Int)] = []
    var now = 0.0
    var event = Scheduler.Event.began
    while true {
      for case .start(let group) in scheduler.handle(event) {
        let end = now + seconds[group.run] / Double(group.ranks.count)
        entries.append(Entry(run: pending[group.run], ranks: group.ranks, start: now, end: end))
        underWay.append((end, group.number))
      }
      guard let next = underWay.indices.min(by: { underWay[$0].end < underWay[$1].end }) else { return }
      let ended = underWay.remove(at: next)
      now = ended.end
      event = .ended(assignment: ended.number, .settled)
    }
  }
}

extension Scheduler.Run {
  /// A run as its configuration says, in operations.
  init(_ cost: RunCost) { self.init(cost: cost.operations, maximumGroup: cost.maximumGroup) }
}
