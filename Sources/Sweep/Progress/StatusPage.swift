public import Console
import Files
import Foundation
import Shards

/// The status of a sweep as text for people, in the room that there is for it.
public struct StatusPage {
  private let status: SweepStatus
  private let form: PageForm

  /// Lays out a status.
  public init(_ status: SweepStatus, _ form: PageForm = PageForm()) {
    (self.status, self.form) = (status, form)
  }

  /// One line that says how far the sweep is.
  public var headline: String {
    let total = state.entries.count
    guard status.isActive, let runs = progress?.runs else {
      let counts = RunStatus.allCases.compactMap { part(state.count($0), $0.name) }
      return "\(status.manifest.name): \(state.done) of \(total) runs done (\(list(counts)))"
    }
    let parts = [
      part(runs.running, "running"), part(runs.waiting, "waiting"),
      part(max(runs.failed, state.count(.failed)), "failed"),
    ]
    return "\(status.manifest.name): \(runs.done) of \(total) runs done (\(list(parts.compactMap(\.self))))"
  }

  /// All lines.
  public var lines: [String] {
    let top = [form.bold(headline)] + [bar, activity, left, deadline].compactMap(\.self) + notes
    let bottom = form.height == nil ? [advice] : ["", advice]
    let room = form.height.map { max(0, $0 - top.count - bottom.count) } ?? .max
    let failures = failureLines(room: room / 4)
    let events = form.height == nil ? [] : eventLines
    let table = RunTable(
      progress?.running ?? [], unlisted: progress?.unlisted ?? 0, limit: progress?.deadline?.left, form
    )
    .lines(room: room - failures.count - min(events.count, 4))
    let shown = (status.isActive ? table : interrupted) + failures
    let all = top + shown + section(events, room: room - shown.count) + bottom
    return form.height.map { Array(all.prefix($0)) } ?? all
  }

  private var state: SweepState { status.state }
  private var progress: SweepProgress? { status.progress }

  private func part(_ count: Int, _ name: String) -> String? { count == 0 ? nil : "\(count) \(name)" }
  private func list(_ parts: [String]) -> String { parts.joined(separator: ", ") }

  private func section(_ lines: [String], room: Int) -> [String] {
    lines.isEmpty || room < 2 ? [] : [""] + lines.prefix(room - 1)
  }
}

// MARK: - What the sweep is at

extension StatusPage {
  /// Parts of all runs: done, running, waiting, failed.
  private var bar: String? {
    guard let width = form.width, !state.entries.isEmpty else { return nil }
    let running = status.isActive ? progress?.runs.running ?? 0 : 0
    let done = status.isActive ? progress?.runs.done ?? state.done : state.done
    return form.bar(
      [(done, "█", .green), (running, "▓", nil), (state.count(.failed), "×", .red)],
      of: state.entries.count, width: min(width, 100))
  }

  private var activity: String? {
    guard let last = status.manifest.sessions.last else { return "no session yet" }
    let ranks = Format.plural(last.provenance.ranks, "rank")
    guard status.isActive else {
      if let ended = last.ended {
        return "last session ended \(ended) with exit status \(last.exitStatus ?? 0)"
      }
      if let exitStatus = progress?.exitStatus, let time = progress?.time {
        return "last session ended \(time) with exit status \(exitStatus)"
      }
      let heard = progress.map { "; last heard of on \($0.host) at \($0.time)" } ?? ""
      return "last session, started \(last.started) on \(ranks), did not end by itself\(heard)"
    }
    let isMerging = progress.map { $0.runs.running + $0.runs.waiting == 0 } ?? false
    let verb = isMerging ? "merging; " : progress?.phase == .saving ? "saving what is under way; " : ""
    return "\(verb)at work since \(last.started) on \(ranks)\(workers)"
  }

  private var workers: String {
    guard let progress else { return "" }
    let ranks = progress.ranks
    let parts = [part(ranks.working, "working"), part(ranks.idle, "idle"), part(ranks.lost, "lost")]
    let silence = status.secondsOfSilence ?? 0
    let age = silence > 10 * progress.interval ? "; last heard of \(Format.duration(silence)) ago" : ""
    return ": \(list(parts.compactMap(\.self)))\(age)"
  }

  private var left: String? {
    let count = state.entries.count - state.done
    if status.isActive {
      guard let progress else { return nil }
      let time = progress.left.map { "about \(Format.duration($0))" } ?? "estimating the time"
      return "left: \(time), at \(Format.count(progress.stepsPerSecond)) steps/s"
    }
    guard count > 0 else { return nil }
    let begun = part(state.count(.interrupted), "of them begun").map { ", \($0)" } ?? ""
    let judged = progress.flatMap { told in
      told.left.map {
        "; about \(Format.duration($0)) from \(told.time) on, on the ranks of that session"
      }
    }
    return "left: \(Format.plural(count, "run"))\(begun)\(judged ?? "")"
  }

  private var deadline: String? {
    guard status.isActive, let progress, let deadline = progress.deadline else { return nil }
    let room = max(deadline.left - (status.secondsOfSilence ?? 0), 0)
    let cuts =
      deadline.cuts == 0
      ? ""
      : "; cuts \(Format.plural(deadline.cuts, "run")) under way (marked cut), which go on in the next session"
    let fits = (progress.left ?? 0) > room ? "; what is left by then waits for the next session" : ""
    return "stops in \(Format.duration(room)) (\(deadline.source))\(cuts)\(cuts.isEmpty ? fits : "")"
  }

  private var notes: [String] {
    state.notes + state.unreadable.map { "\($0); how its run ended is not known" }
  }
}

// MARK: - What became of runs

extension StatusPage {
  /// Runs that stand in checkpoints; those at work are listed elsewhere.
  private var interrupted: [String] {
    let saved = state.entries.filter { $0.status == .interrupted }
    let more = saved.count > 10 ? ["... and \(saved.count - 10) more"] : []
    return saved.prefix(10).map {
      form.cut("interrupted: \($0.id), \(Format.count(Double($0.steps))) steps saved")
    } + more
  }

  private func failureLines(room: Int) -> [String] {
    let causes = status.causes
    let count = form.height == nil ? 10 : max(room, 1)
    let more = causes.count > count ? ["... and \(causes.count - count) other causes"] : []
    return causes.prefix(count).map { form.red(form.cut($0.text)) } + more
  }

  /// The last things that happened, the newest first.
  private var eventLines: [String] {
    status.recent.reversed().lazy.compactMap(\.line).prefix(8).map(form.cut)
  }

  private var advice: String {
    let path = ShellCommand.path(status.directory.path)
    if status.isActive {
      if form.height != nil { return "^C leaves this page; the sweep goes on" }
      return "follow it with: \(ShellCommand.line([ShellCommand.program, "status", path, "--follow"]))"
    }
    if state.done < state.entries.count {
      let words = [ShellCommand.program, "run", ShellCommand.path(status.directory.manifestFile), "-o", path]
      return "the command that began the sweep finishes what is left; so does: \(ShellCommand.line(words))"
    }
    return "merged file: \(status.directory.mergedFile)"
  }
}

extension SweepEvent {
  /// One line for people; nil for what is of no interest to them.
  fileprivate var line: String? {
    let clock = time.split(separator: "T").last.map(String.init) ?? time
    let took = seconds.map { " in \(Format.duration($0))" } ?? ""
    let done = steps.map { ": \(Format.count(Double($0))) steps\(took)" } ?? ""
    switch event {
    case .runEnded: return "\(clock) \(status?.name ?? "ended") \(run ?? "")\(done)"
    case .runSaved: return "\(clock) saved \(run ?? "")\(done)"
    case .runFailed: return "\(clock) failed \(run ?? "")"
    case .rankLost, .rankSilent, .rankBack: return "\(clock) \(message ?? "")"
    case .pausing: return "\(clock) stops: \(message ?? "")"
    case .sessionStarted: return "\(clock) began: \(message ?? "")"
    case .sessionEnded: return "\(clock) ended: \(message ?? "")"
    case .runRetried: return "\(clock) waits again: \(run ?? "")"
    case .runForgotten: return "\(clock) forgotten: \(run ?? "")"
    case .runStarted: return nil
    }
  }
}
