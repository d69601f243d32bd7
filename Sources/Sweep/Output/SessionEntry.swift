import Foundation
import Jobs
import Problems
import Shards

/// The entry of one session in `sweep.json`.
///
/// Where a file system has no locks, two sessions may be at work in one directory; each finds its own entry again.
final class SessionEntry {
  private let plan: SweepPlan
  private let directory: OutputDirectory
  private var session: Manifest.Session
  private var others: [Manifest.Session]

  /// Reads what stands in `sweep.json`; nothing is written yet but a damaged one put aside.
  ///
  /// - Throws: a problem where it may not be read.
  init(
    _ plan: SweepPlan, _ directory: OutputDirectory, _ provenance: Provenance, _ observer: any SessionObserver
  ) throws(Problem) {
    self.plan = plan
    self.directory = directory
    let (manifest, note) = try Manifest.readOrSetAside(directory)
    if let note { observer.note(note) }
    others = manifest?.sessions ?? []
    session = Manifest.Session(started: Date.now.formatted(.iso8601), provenance: provenance)
  }

  /// Writes the entry of a session that begins.
  func write() throws { try manifest(others + [session]).write(directory) }

  /// The sessions before this one, oldest first.
  var earlier: [Manifest.Session] { others }

  /// When the session began, in ISO 8601.
  var started: String { session.started }

  /// Notes the end of the session, and what the next one can learn from it.
  func end(exitStatus: Int, closingSeconds: Double, _ speeds: Speeds) throws {
    var sessions = (try? Manifest.read(directory))?.sessions ?? others + [session]
    let index = sessions.lastIndex(of: session)
    session.ended = Date.now.formatted(.iso8601)
    session.exitStatus = exitStatus
    session.closingSeconds = closingSeconds
    session.secondsPerCost = speeds.secondsPerCost
    session.secondsPerCostOfKinds = speeds.ofKinds
    session.startingSeconds = speeds.starting
    if let index { sessions[index] = session } else { sessions.append(session) }
    try manifest(sessions).write(directory)
  }

  private func manifest(_ sessions: [Manifest.Session]) -> Manifest {
    Manifest(name: plan.name, sweepYAML: plan.yaml, runs: plan.runs.map(\.id), sessions: sessions)
  }
}
