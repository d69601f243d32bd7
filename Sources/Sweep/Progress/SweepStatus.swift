import Console
import Foundation
public import Problems
import Shards

/// What a directory's files say of its sweep, for people.
public struct SweepStatus {
  /// Whether a process is at work on the sweep (seen from this machine).
  public private(set) var isActive: Bool
  private let directory: OutputDirectory
  private var manifest: Manifest
  private var state: SweepState
  private var memory = ShardMemory()
  private var events: EventReader

  /// Reads the files.
  ///
  /// - Throws: a problem when the directory holds no sweep, or may not be read.
  public init(_ directory: OutputDirectory) throws(Problem) {
    self.directory = directory
    manifest = try Manifest.read(directory)
    state = try SweepState(manifest.runs, directory, &memory)
    isActive = DirectoryLock.isHeld(directory)
    events = EventReader(directory)
    try events.refresh()
  }

  /// Reads what has changed since.
  public mutating func refresh() throws(Problem) {
    manifest = try Manifest.read(directory)
    state = try SweepState(manifest.runs, directory, &memory)
    isActive = DirectoryLock.isHeld(directory)
    try events.refresh()
  }

  /// The report.
  public var text: String {
    ([headline, activity] + left + running + interrupted + failed + notes + [advice]).joined(separator: "\n")
  }

  private var headline: String {
    let counts = RunStatus.allCases.compactMap { status in
      let count = state.count(status)
      return count == 0 ? nil : "\(count) \(status.name)"
    }
    return
      "\(manifest.name): \(state.done) of \(state.entries.count) runs done (\(counts.joined(separator: ", ")))"
  }

  private var activity: String {
    guard let last = manifest.sessions.last else { return "no session yet" }
    let ranks = Format.plural(last.provenance.ranks, "rank")
    if isActive { return "at work since \(last.started) on \(ranks)" }
    if let ended = last.ended {
      return "last session ended \(ended) with exit status \(last.exitStatus ?? 0)"
    }
    return "last session, started \(last.started) on \(ranks), did not end by itself"
  }

  /// What is left and for how long, by what the last session saw.
  private var left: [String] {
    let count = state.entries.count - state.done
    guard count > 0 else { return [] }
    let begun = state.count(.interrupted)
    let part = begun == 0 ? "" : ", \(begun) of them begun"
    let judged = events.session.last { $0.left != nil }
    let time = judged.map { event in
      "; about \(Format.duration(event.left ?? .nan)) from \(event.time) on, on the ranks of that session"
    }
    return ["left: \(Format.plural(count, "run"))\(part)\(time ?? "")"]
  }

  /// Runs that stand in checkpoints; those at work are listed elsewhere.
  private var interrupted: [String] {
    guard !isActive else { return [] }
    let saved = state.entries.filter { $0.status == .interrupted }
    let more = saved.count > 10 ? ["... and \(saved.count - 10) more"] : []
    return saved.prefix(10).map {
      "interrupted: \($0.id), \(Format.count(Double($0.steps))) steps saved"
    } + more
  }

  private var running: [String] {
    guard isActive else { return [] }
    var latest: [String: SweepEvent] = [:]
    for event in events.session {
      guard let run = event.run else { continue }
      switch event.event {
      case .runStarted: latest[run] = event
      case .progress: latest[run]?.steps = event.steps
      default: latest[run] = nil
      }
    }
    return latest.values.sorted { $0.time < $1.time }.map { event in
      "running: \(event.run ?? ""), \(Format.count(Double(event.steps ?? 0))) steps, "
        + "ranks \((event.ranks ?? []).map(String.init).joined(separator: " ")), since \(event.time)"
    }
  }

  private var failed: [String] {
    let failedNow = Set(state.entries.filter { $0.status == .failed }.map(\.id))
    return events.session.filter { $0.event == .runFailed && failedNow.contains($0.run ?? "") }.map {
      "failed: \($0.run ?? ""): \(($0.message ?? "").split(separator: "\n").first.map(String.init) ?? "")"
    }
  }

  private var notes: [String] {
    state.notes + state.unreadable.map { "\($0); how its run ended is not known" }
  }

  private var advice: String {
    let path = ShellCommand.path(directory.path)
    if isActive {
      return "follow it with: \(ShellCommand.line([ShellCommand.program, "status", path, "--follow"]))"
    }
    if state.done < state.entries.count {
      let words = [ShellCommand.program, "run", ShellCommand.path(directory.manifestFile), "-o", path]
      return "the command that began the sweep finishes what is left; so does: \(ShellCommand.line(words))"
    }
    return "merged file: \(directory.mergedFile)"
  }
}
