public import Jobs
import Training

/// What a plan would take: the scheduler run on simulated time with measured costs.
public struct Forecast: Sendable {
  /// One run of the simulated sweep.
  public struct Entry: Sendable {
    /// Index into the plan's runs.
    public let run: Int
    /// The group that begins it.
    public let ranks: [Int]
    /// The job that it begins in, from 0; there is one job where there is no time limit.
    public let job: Int
    /// Seconds from the start of that job.
    public let start: Double
    /// The job that it ends in.
    public fileprivate(set) var lastJob: Int
    /// Seconds from the start of that job.
    public fileprivate(set) var end: Double
  }

  /// What one rank keeps between Hessian products, in the run that keeps most.
  public let residuals: String?
  /// The runs that end, in order of their start.
  public private(set) var entries: [Entry] = []
  /// What the runs that end take together, in seconds of one rank.
  public let work: Double
  /// Indices of the runs that cannot end within any number of jobs: one step takes longer than a job has.
  public let endless: [Int]
  /// How many jobs it takes; `maximumJobs` where it takes more.
  public private(set) var jobs = 1
  /// Seconds of the last job until its last run ends.
  public private(set) var makespan = 0.0

  /// So many jobs are looked at.
  public static let maximumJobs = 1000

  /// Measures every kind of run on this machine, but for what sessions have seen of them, and simulates.
  ///
  /// - Parameters:
  ///   - plan: the job.
  ///   - pending: indices of the runs that have not ended.
  ///   - saved: the steps of theirs that stand in checkpoints, by the index of the run.
  ///   - sessions: those that worked on the job before.
  ///   - ranks: how many processes there are.
  ///   - limit: the time limit of a job in seconds; nil for one job without an end.
  /// - Throws: what loading data and building models throws.
  public init(
    _ plan: SweepPlan, pending: [Int], saved: [Int: Int] = [:], after sessions: [Manifest.Session] = [],
    ranks: Int, limit: Double? = nil
  ) throws {
    var timings = TimingCache(residualMemory: plan.residualMemory)
    let costs = try PlanCosts(plan)
    let seen = Speeds(sessions).known(plan, costs)
    let horizon = limit.map {
      SessionTimes.horizon(limit: $0, margin: SessionTimes.margin(limit: $0, measured: nil))
    }
    let longest = try pending.map { try timings.secondsOfStep(of: plan.runs[$0]) }
    let seconds = try pending.map { run in
      let measured = try timings.seconds(of: plan.runs[run])
      return seen[costs.kind(run)].map { $0 * costs[run].operations } ?? measured
    }
    residuals = timings.residuals?.summary
    let all = zip(pending, seconds).map { run, seconds in
      Scheduler.Run(
        cost: seconds, maximumGroup: costs[run].maximumGroup, saved: saved[run],
        of: plan.runs[run].stop.steps)
    }
    let sources = Self.sources(plan, pending)
    var isEndless = zip(longest, all).map { $0 / Double($1.maximumGroup) > horizon?.deadline ?? .infinity }
    let places = Dictionary(uniqueKeysWithValues: zip(pending, pending.indices))
    for (place, run) in pending.enumerated() {
      // A branch of a run that never ends waits for ever.
      if let source = sources[run], let of = places[source], isEndless[of] { isEndless[place] = true }
    }
    endless = zip(pending, isEndless).filter(\.1).map(\.0)
    var left: [Int: Scheduler.Run] = [:]
    for (place, run) in pending.enumerated() where !isEndless[place] { left[run] = all[place] }
    work = left.values.reduce(0) { $0 + $1.cost }
    simulate(&left, sources, ranks: SweepSession.workers(of: ranks), plan.ranksPerRun, horizon)
  }

  /// The runs that others start from and that have not ended, by the index of the other.
  private static func sources(_ plan: SweepPlan, _ pending: [Int]) -> [Int: Int] {
    let places = Dictionary(pending.map { (plan.runs[$0].id, $0) }) { first, _ in first }
    return Dictionary(
      uniqueKeysWithValues: pending.compactMap { run in
        plan.runs[run].origin?.run.flatMap { places[$0] }.map { (run, $0) }
      })
  }

  /// Simulates jobs until all runs have ended.
  private mutating func simulate(
    _ left: inout [Int: Scheduler.Run], _ sources: [Int: Int], ranks: Range<Int>, _ ranksPerRun: RanksPerRun,
    _ horizon: Horizon?
  ) {
    var known: [Int: Int] = [:]
    for job in 0..<Self.maximumJobs where job == 0 || !left.isEmpty {
      jobs = job + 1
      makespan = 0
      var isWaiting = true
      // Branches begin when all that went before has ended, in the same job where that lasts.
      while isWaiting, !left.isEmpty {
        let ready = left.keys.filter { sources[$0].map { left[$0] == nil } ?? true }.sorted()
        let rest = Horizon(
          deadline: horizon?.deadline.map { $0 - makespan }, minimumTurn: horizon?.minimumTurn ?? 1)
        let session = SimulatedSession(
          ready.compactMap { left[$0] }, ranks: ranks, ranksPerRun: ranksPerRun, horizon: rest)
        add(session.spans, of: ready, job: job, &known)
        for (run, seconds) in zip(ready, session.remaining) { Self.take(seconds, of: run, &left) }
        isWaiting = ready.allSatisfy { left[$0] == nil }
        makespan += session.spans.map(\.end).max() ?? 0
      }
    }
  }

  private static func take(_ remaining: Double, of run: Int, _ left: inout [Int: Scheduler.Run]) {
    guard let before = left.removeValue(forKey: run), remaining > 0 else { return }
    left[run] = Scheduler.Run(
      cost: remaining, maximumGroup: before.maximumGroup, isFresh: before.isFresh && remaining == before.cost)
  }

  private mutating func add(
    _ spans: [SimulatedSession.Span], of runs: [Int], job: Int, _ known: inout [Int: Int]
  ) {
    for span in spans {
      let run = runs[span.assignment.run]
      if let entry = known[run] {
        (entries[entry].lastJob, entries[entry].end) = (job, makespan + span.end)
      } else {
        known[run] = entries.count
        entries.append(
          Entry(
            run: run, ranks: span.assignment.ranks, job: job, start: makespan + span.start, lastJob: job,
            end: makespan + span.end))
      }
    }
  }
}

extension Scheduler.Run {
  /// What is left of a run of `steps` steps and some cost, of which so many stand in a checkpoint.
  init(cost: Double, maximumGroup: Int, saved: Int?, of steps: Int, kind: Int = 0) {
    let left = Double(max(steps - (saved ?? 0), 0) + 1) / Double(steps + 1)
    self.init(cost: cost * left, maximumGroup: maximumGroup, kind: kind, isFresh: saved == nil)
  }
}
