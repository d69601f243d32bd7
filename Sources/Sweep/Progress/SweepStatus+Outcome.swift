internal import Console
internal import Shards

// What scripts ask: how the last session ended, whether it got anywhere, and why it stopped.

extension SweepStatus {
  /// What the last session ended with, as `run` counts: 0, 1, or 75 for work left; of one that was broken off, or is
  /// still at work, what the files say.
  public var exitStatus: Int {
    if !isActive, let last = manifest.sessions.last, last.ended != nil, let status = last.exitStatus {
      return status
    }
    let left = state.entries.filter { !$0.status.isDone }
    return left.isEmpty ? 0 : left.contains { $0.status != .failed } ? 75 : 1
  }

  /// One line in three parts: the number of sessions, what stands on disk, why the last session stopped if anything
  /// stopped it.
  ///
  /// The second part changes with every step that is saved.
  public var line: String {
    let steps = state.entries.reduce(0) { $0 + $1.steps }
    let stop = recent.last { $0.event == .pausing }?.message
    let parts = [
      "session \(manifest.sessions.count)",
      "\(state.done) of \(Format.plural(state.entries.count, "run")) done, \(steps) steps on disk", stop,
    ]
    return parts.compactMap(\.self).joined(separator: "; ")
  }
}
