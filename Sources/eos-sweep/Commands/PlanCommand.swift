import Console
import Datasets
import Jobs
import ArgumentParser
import Foundation
import Sweep

/// The command `eos-sweep plan JOB.yaml`.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Say what would run: ids, cost, order, groups, time.")

  @OptionGroup var job: JobOptions

  @Option(
    name: [.short, .long], help: "The directory of the sweep's files; runs that ended there are left out.")
  var output: String?

  @Option(help: "For how many processes to plan.")
  var ranks = 1

  @Option(help: "A time limit in minutes; says which runs would not fit.")
  var minutes: Double?

  func validate() throws {
    guard ranks >= 1 else { throw ValidationError("--ranks \(ranks): give a number of processes, 1 or more") }
    if let minutes, !(minutes > 0) { throw ValidationError("--minutes \(minutes): give a time above 0") }
  }

  func run() throws {
    let plan = try job.load()
    for line in plan.dataLines { try Terminal.print("data: \(line)") }
    for note in plan.notes { Terminal.error("note: \(note)") }
    let directory = try OutputDirectory.of(plan, output)
    try Manifest.requireSameSweep(plan, directory)
    let state = try SweepState(plan.runs.map(\.id), directory)
    try state.requireReadable()
    for note in state.notes { Terminal.error("note: \(note)") }
    Terminal.error("timing one gradient and one Hessian product of each kind of run ...")
    let forecast = try Forecast(plan, pending: state.pending, ranks: ranks)
    try Terminal.print(table(plan, forecast))
    try Terminal.print(summary(plan, state, forecast))
  }

  private func table(_ plan: SweepPlan, _ forecast: Forecast) -> String {
    var lines = [
      ["start", "end", "ranks", "steps", "run"].joined(separator: "\t")
    ]
    for entry in forecast.entries {
      let cut = minutes.map { entry.end > 60 * $0 } ?? false
      lines.append(
        [
          Format.duration(entry.start), Format.duration(entry.end), "\(entry.ranks.count)",
          Format.count(Double(plan.runs[entry.run].stop.steps)),
          plan.runs[entry.run].id + (cut ? "  (cut)" : ""),
        ].joined(separator: "\t"))
    }
    return Table.aligned(lines)
  }

  private func summary(_ plan: SweepPlan, _ state: SweepState, _ forecast: Forecast) -> String {
    var text =
      "\(plan.name): \(Format.plural(plan.runs.count, "run")), \(state.done) done, \(forecast.entries.count) to compute; "
      + "about \(Format.duration(forecast.makespan)) on \(Format.plural(ranks, "rank")) like this machine's."
    if let residuals = forecast.residuals { text += " Residuals of Hessian products take \(residuals)." }
    if let minutes {
      let cut = forecast.entries.count { $0.end > 60 * minutes }
      text += " Within \(Format.duration(60 * minutes)) \(cut == 0 ? "all end" : "\(cut) would not end")."
    }
    return text
  }
}
