import ArgumentParser
import Console
import Datasets
import Foundation
import Jobs
import Sweep
import Training

/// The command `eos-sweep plan JOB.yaml`.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Say what would run: ids, cost, order, groups, time.")

  @OptionGroup var job: JobOptions
  @OptionGroup var numeric: NumericOptions

  @Option(
    name: [.short, .long], help: "The directory of the sweep's files; runs that ended there are left out.")
  var output: String?

  @Option(help: "For how many processes to plan.")
  var ranks = 1

  @Option(
    help: ArgumentHelp(
      "The time limit of a job: 30m, 2h, HH:MM:SS or minutes; says what goes on in later jobs, and how many it takes.",
      valueName: "time"))
  var timeLimit: String?

  @Option(help: "The same, in minutes.")
  var minutes: Double?

  @Flag(help: "List every run; of more than 40 only the first 10 are listed otherwise.")
  var all = false

  func validate() throws {
    guard ranks >= 1 else { throw ValidationError("--ranks \(ranks): give a number of processes, 1 or more") }
    if let minutes, !(minutes > 0) { throw ValidationError("--minutes \(minutes): give a time above 0") }
    if minutes != nil, timeLimit != nil {
      throw ValidationError("--minutes and --time-limit say the same: give one of them")
    }
  }

  private func limit() throws -> Double? {
    if let timeLimit { return try TimeLimit.seconds(timeLimit, of: "--time-limit") }
    return minutes.map { 60 * $0 }
  }

  func run() throws {
    let limit = try limit()
    try numeric.choose()
    let plan = try job.load()
    for line in plan.dataLines { try Terminal.print("data: \(line)") }
    let need = try PlanMemory(plan, of: plan.runs.indices)
    try Terminal.print("memory: \(memory(need))")
    if need.stored >= Self.large { try Terminal.print(Self.results(need.stored)) }
    for note in plan.notes + [plan.costNote].compactMap(\.self) { Terminal.error("note: \(note)") }
    let directory = try OutputDirectory.of(plan, output)
    try Manifest.requireSameSweep(plan, directory)
    let state = try SweepState(plan.runs.map(\.id), directory)
    try state.requireReadable()
    for note in state.notes { Terminal.error("note: \(note)") }
    Terminal.error("timing one gradient and one Hessian product of each kind of run ...")
    let forecast = try Forecast(
      plan, pending: state.pending, saved: state.stepsSaved, after: Manifest.sessions(directory),
      ranks: ranks,
      limit: limit)
    let listing = PlanListing(plan, forecast, hasLimit: limit != nil, listingAll: all)
    try Terminal.print(listing.text)
    try Terminal.print(summary(plan, state, forecast, limit))
  }

  private func summary(
    _ plan: SweepPlan, _ state: SweepState, _ forecast: Forecast, _ limit: Double?
  ) -> String {
    let (count, endless) = (forecast.entries.count, forecast.endless.count)
    var parts = [
      "\(plan.name): \(Format.plural(plan.runs.count, "run")), \(state.done) done, \(count + endless) to compute"
        + (count == 0 && endless > 0 ? "." : "; \(time(forecast, limit)).")
    ]
    if let residuals = forecast.residuals {
      parts.append("Residuals of Hessian products take \(residuals).")
    }
    let cut = forecast.entries.count { $0.lastJob > $0.job }
    if cut > 0 {
      parts.append("\(Format.plural(cut, "run")) marked (cut) will be saved and go on in the next job.")
    }
    if endless > 0 {
      parts.append(
        "\(Format.plural(endless, "run")) marked (never) cannot end: a single step with its measurement takes "
          + "longer than a job of this limit, and runs are saved between steps only.")
    }
    return parts.joined(separator: " ")
  }

  /// What a rank needs, and what is held once on each node.
  private func memory(_ need: PlanMemory) -> String {
    let rank = need.perRank?.summary ?? "nothing"
    let node = "for each node, \(Format.bytes(need.data)) of data shared by its ranks"
    let sum = Format.bytes(need.expected(ranks: ranks))
    return "for each rank, \(rank); \(node); so \(sum) for \(Format.plural(ranks, "rank")) on one node."
  }

  /// From so many bytes of results on a plan says how many there will be.
  private static let large = 64 << 20

  private static func results(_ bytes: Int) -> String {
    "results: up to \(Format.bytes(bytes)) of weights and sketches, once in shards and once in the merged file; "
      + "keep_weights and measure.sketch ask for them."
  }

  private func time(_ forecast: Forecast, _ limit: Double?) -> String {
    let last = Format.duration(forecast.makespan)
    let place = "on \(Format.plural(ranks, "rank")) like this machine's"
    guard let limit, forecast.jobs > 1 else { return "about \(last) \(place)" }
    let number = forecast.jobs == Forecast.maximumJobs ? "more than" : "about"
    return "\(number) \(forecast.jobs) jobs of \(Format.duration(limit)), the last of them \(last), \(place)"
  }
}
