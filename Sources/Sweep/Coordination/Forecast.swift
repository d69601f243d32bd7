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
  /// Indices of the runs that cannot end within any number of jobs: one step takes longer than a job has.
  public let endless: [Int]
  /// How many jobs it takes; `maximumJobs` where it takes more.
  public private(set) var jobs = 1
  /// Seconds of the last job until its last run ends.
  public private(set) var makespan = 0.0

  /// So many jobs are looked at.
  public static let maximumJobs = 1000

  /// Measures every kind of run on this machine and simulates.
  ///
  /// - Parameters:
  ///   - plan: the job.
  ///   - pending: indices of the runs that have not ended.
  ///   - saved: the steps of theirs that stand in checkpoints, by the index of the run.
  ///   - ranks: how many processes there are.
  ///   - limit: the time limit of a job in seconds; nil for one job without an end.
  /// - Throws: what loading data and building models throws.
  public init(
    _ plan: SweepPlan, pending: [Int], saved: [Int: Int] = [:], ranks: Int, limit: Double? = nil
  ) throws {
    var timings = TimingCache(residualMemory: plan.residualMemory)
    let costs = try PlanCosts(plan)
    let usable = limit.map { $0 - SessionTimes.margin(limit: $0, measured: nil) }
    let longest = try pending.map { try timings.secondsOfStep(of: plan.runs[$0]) }
    let seconds = try pending.map { try timings.seconds(of: plan.runs[$0]) }
    residuals = timings.residuals?.summary
    var left = zip(pending, seconds).map { run, seconds in
      Scheduler.Run(
        cost: seconds, maximumGroup: costs[run].maximumGroup, saved: saved[run],
        of: plan.runs[run].stop.steps)
    }
    let isEndless = zip(longest, left).map { $0 / Double($1.maximumGroup) > usable ?? .infinity }
    endless = zip(pending, isEndless).filter(\.1).map(\.0)
    var runs = zip(pending, isEndless).filter { !$1 }.map(\.0)
    left = zip(left, isEndless).filter { !$1 }.map(\.0)
    let horizon = Horizon(deadline: usable)
    var known: [Int: Int] = [:]
    let workers = SweepSession.workers(of: ranks)
    for job in 0..<Self.maximumJobs {
      let session = SimulatedSession(left, ranks: workers, ranksPerRun: plan.ranksPerRun, horizon: horizon)
      add(session.spans, of: runs, job: job, &known)
      (jobs, makespan) = (job + 1, session.spans.map(\.end).max() ?? 0)
      let waiting = session.remaining.indices.filter { session.remaining[$0] > 0 }
      guard !waiting.isEmpty else { return }
      left = waiting.map {
        let isFresh = left[$0].isFresh && session.remaining[$0] == left[$0].cost
        return Scheduler.Run(
          cost: session.remaining[$0], maximumGroup: left[$0].maximumGroup, isFresh: isFresh)
      }
      runs = waiting.map { runs[$0] }
    }
  }

  private mutating func add(
    _ spans: [SimulatedSession.Span], of runs: [Int], job: Int, _ known: inout [Int: Int]
  ) {
    for span in spans {
      let run = runs[span.assignment.run]
      if let entry = known[run] {
        (entries[entry].lastJob, entries[entry].end) = (job, span.end)
      } else {
        known[run] = entries.count
        entries.append(
          Entry(
            run: run, ranks: span.assignment.ranks, job: job, start: span.start, lastJob: job, end: span.end))
      }
    }
  }
}

extension Scheduler.Run {
  /// What is left of a run of `steps` steps and some cost, of which so many stand in a checkpoint.
  init(cost: Double, maximumGroup: Int, saved: Int?, of steps: Int) {
    let left = Double(max(steps - (saved ?? 0), 0) + 1) / Double(steps + 1)
    self.init(cost: cost * left, maximumGroup: maximumGroup, isFresh: saved == nil)
  }
}
