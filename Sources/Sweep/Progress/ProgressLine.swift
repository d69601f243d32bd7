/// What there is to say about a sweep under way.
struct ProgressSnapshot {
  var done = 0
  var total = 0
  var running = 0
  var failed = 0
  var stepsPerSecond = 0.0
  /// Seconds left, once there is enough to judge by.
  var remaining: Double?

  var text: String {
    var parts = ["\(done)/\(total) runs done", "\(running) running", "\(failed) failed"]
    parts.append("\(Format.count(stepsPerSecond)) steps/s")
    parts.append(remaining.map { "about \(Format.duration($0)) left" } ?? "estimating the time left")
    return parts.joined(separator: ", ")
  }
}

/// One line that is rewritten in place on a terminal; a plain line now and then elsewhere.
final class ProgressLine {
  private let isTerminal = Terminal.isInteractive
  private let interval: Duration
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant?
  private var lastText = ""

  /// - Parameter plainInterval: how often a line is written where there is no terminal.
  init(plainInterval: Duration = .seconds(10)) {
    interval = isTerminal ? .milliseconds(200) : plainInterval
  }

  /// Shows the snapshot if the last one is old enough.
  func update(_ snapshot: @autoclosure () -> ProgressSnapshot) {
    let now = clock.now
    guard let last else { return self.last = isTerminal ? now - interval : now }
    guard now - last >= interval else { return }
    self.last = now
    show(snapshot().text)
  }

  /// Writes a lasting line, above the progress on a terminal.
  func note(_ text: String) {
    Terminal.error(isTerminal ? "\r\u{1B}[K\(text)" : text)
    if isTerminal && !lastText.isEmpty { Terminal.error(lastText, terminator: "") }
  }

  /// Clears the line at the end.
  func finish() {
    if isTerminal { Terminal.error("\r\u{1B}[K", terminator: "") }
    lastText = ""
  }

  private func show(_ text: String) {
    guard isTerminal else { return Terminal.error(text) }
    lastText = text
    Terminal.error("\r\u{1B}[K\(text)", terminator: "")
  }
}
