import Bench
import Console
import Files
import Foundation
import Shards
import Sweep

/// The last lines of a sweep: what happened, where it lies, what to do next.
struct Closing {
  private let outcome: SessionOutcome
  private let ticket: Ticket
  private let job: JobOptions
  private let ranks: Int

  init(_ outcome: SessionOutcome, ticket: Ticket, job: JobOptions, ranks: Int) {
    self.outcome = outcome
    self.ticket = ticket
    self.job = job
    self.ranks = ranks
  }

  var text: String {
    ([headline] + regimes + failures + outcome.damaged + obstacles + next).joined(separator: "\n")
  }

  private var headline: String {
    let state = outcome.state
    let counts = RunStatus.allCases.compactMap { status in
      let count = state.count(status)
      return count == 0 ? nil : "\(count) \(status.name)"
    }
    let work =
      outcome.computed == 0 && outcome.exitStatus == 0
      ? "nothing left to compute"
      : "computed \(outcome.computed) in \(Format.duration(outcome.seconds))"
    return "\(Format.plural(state.entries.count, "run")): \(counts.joined(separator: ", ")); \(work)."
  }

  private var regimes: [String] {
    let counts = Regime.allCases.compactMap { regime -> String? in
      let count = outcome.state.count(regime)
      return count == 0 ? nil : "\(count) \(regime.name)"
    }
    return counts.isEmpty ? [] : ["Against the stability threshold: \(counts.joined(separator: ", "))."]
  }

  private var failures: [String] {
    let causes = FailureCause.grouped(outcome.failures)
    let shown = causes.prefix(5).flatMap { ["\($0.text)", "  that one alone: \(command(only: $0.runs[0]))"] }
    let more = causes.count - 5
    let status = ShellCommand.line([ShellCommand.program, "status", ShellCommand.path(ticket.path)])
    return shown + (more > 0 ? ["... and \(more) other errors; \(status) lists them"] : [])
  }

  private var obstacles: [String] { outcome.obstacles.map { "Stopped: \($0)" } }

  private var next: [String] {
    if outcome.exitStatus == 75 {
      let launcher = ranks > 1 ? ", started on \(ranks) ranks as before," : ""
      let time = outcome.left.map { " for about \(Format.duration($0))" } ?? ""
      if Slurm.scriptGoesOn { return ["Work is left\(time)."] }
      let command = command(only: ticket.only)
      return ["Work is left\(time); the same command again\(launcher) finishes it: \(command)"]
    }
    let file = ShellCommand.path(ticket.directory.mergedFile),
      figures = ShellCommand.path(ticket.path + "/figures")
    return [
      "Merged file: \(file)", "Figures:     \(ShellCommand.line([analysis, "figures", file, "-o", figures]))",
    ]
  }

  /// The command that draws figures: in a checkout it lies beside the other Python programs, not on the user's path.
  private var analysis: String {
    let name = "eos-analysis", local = ".venv/bin/\(name)"
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let known = path.split(separator: ":").contains { isExecutable("\($0)/\(name)") }
    return !known && isExecutable(local) ? local : name
  }

  private func isExecutable(_ path: String) -> Bool { FileManager.default.isExecutableFile(atPath: path) }

  private func command(only: String?) -> String {
    let chosen = only.map { ["--only", $0] } ?? []
    return ShellCommand.line(
      [ShellCommand.program, "run"] + source + chosen + ["-o", ShellCommand.path(ticket.path)])
  }

  /// The arguments that say what the job is; one that came through a pipe stands, overrides and all, in `sweep.json`.
  private var source: [String] {
    let overrides = job.overrides.flatMap { ["--set", $0] }
    guard let file = job.file else { return overrides }
    let isStream =
      ["-", "/dev/stdin"].contains(file) || file.hasPrefix("/dev/fd/") || file.hasPrefix("/proc/")
    if isStream || (try? FileKind.of(file)) != .regular {
      return [ShellCommand.path(ticket.directory.manifestFile)]
    }
    return [ShellCommand.path(file)] + overrides
  }
}
