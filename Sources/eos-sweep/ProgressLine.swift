import Bench
import Console
import Sweep

/// One line that is rewritten in place on a terminal; a plain line now and then elsewhere.
final class ProgressLine: SessionObserver {
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
  func progressed(_ snapshot: () -> ProgressSnapshot) {
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
  func finished() {
    if isTerminal { Terminal.error("\r\u{1B}[K", terminator: "") }
    lastText = ""
  }

  private func show(_ text: String) {
    guard isTerminal else { return Terminal.error(text) }
    lastText = text
    Terminal.error("\r\u{1B}[K\(text)", terminator: "")
  }
}
