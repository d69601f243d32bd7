import Console

/// What there is to say about a sweep under way.
public struct ProgressSnapshot: Sendable {
  var done = 0
  var total = 0
  var running = 0
  var failed = 0
  var stepsPerSecond = 0.0
  /// Seconds left, once there is enough to judge by.
  var remaining: Double?
  /// Whether the session is stopping, so that what is under way is being saved.
  var isSaving = false

  /// One line of text.
  public var text: String {
    if isSaving {
      return "saving: \(Format.plural(running, "run")) left to save, \(done)/\(total) runs done"
    }
    var parts = ["\(done)/\(total) runs done", "\(running) running", "\(failed) failed"]
    parts.append("\(Format.count(stepsPerSecond)) steps/s")
    parts.append(remaining.map { "about \(Format.duration($0)) left" } ?? "estimating the time left")
    return parts.joined(separator: ", ")
  }
}

/// Hears of a session while it is under way, and shows it to people.
public protocol SessionObserver: AnyObject {
  /// Something that a person should know, in a sentence without a full stop.
  func note(_ sentence: String)
  /// How far the session is; called often, so that whoever shows it decides how often to ask for the snapshot.
  func progressed(_ snapshot: () -> ProgressSnapshot)
  /// Nothing is under way any more.
  func finished()
}
