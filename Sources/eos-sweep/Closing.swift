import Foundation
import Shards
import Sweep

/// The last lines of a sweep: what happened, where it lies, what to do next.
struct Closing {
  private let outcome: SessionOutcome
  private let ticket: Ticket
  private let job: JobOptions

  init(_ outcome: SessionOutcome, ticket: Ticket, job: JobOptions) {
    self.outcome = outcome
    self.ticket = ticket
    self.job = job
  }

  var text: String {
    ([headline] + regimes + failures + outcome.damaged + next).joined(separator: "\n")
  }

  private var headline: String {
    let state = outcome.state
    let counts = RunStatus.allCases.compactMap { status in
      let count = state.count(status)
      return count == 0 ? nil : "\(count) \(status.name)"
    }
    let work =
      outcome.computed == 0 && outcome.exitStatus == 0
      ? "nothing left to compute" : "computed \(outcome.computed) in \(Format.duration(outcome.seconds))"
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
    let shown = outcome.failures.prefix(5).flatMap { failure in
      ["failed: \(failure.id): \(failure.message)", "  that one alone: \(command) --only \(failure.id)"]
    }
    let more = outcome.failures.count - 5
    return shown + (more > 0 ? ["... and \(more) more; eos-sweep status \(ticket.path) lists them"] : [])
  }

  private var next: [String] {
    if outcome.exitStatus == 75 { return ["Work is left; the same command again finishes it: \(command)"] }
    let file = ticket.directory.mergedFile, figures = ticket.path + "/figures"
    return [
      "Merged file: \(file)",
      "Figures:     \(analysis) figures \(Self.quoted(file)) -o \(Self.quoted(figures))",
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

  private var command: String {
    var words = ["eos-sweep"]
    if let file = job.file { words.append(file) }
    words += job.overrides.flatMap { ["--set", Self.quoted($0)] }
    return (words + ["-o", ticket.path]).joined(separator: " ")
  }

  private static func quoted(_ word: String) -> String {
    let plain = word.allSatisfy { $0.isLetter || $0.isNumber || "._-=/:,+".contains($0) }
    return plain ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}
