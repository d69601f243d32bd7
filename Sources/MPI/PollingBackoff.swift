internal import Glibc

/// How a process waits for something that it can only poll for.
///
/// MPI's own waits spin, and so take a core away from a process that has work. Here a wait begins by yielding the
/// core between polls; once it has lasted longer than `spinning`, the process sleeps for a fixed share of the time
/// waited so far, so that it notices late by at most that share, and by at most `longestSleep`.
public struct PollingBackoff: Sendable {
  /// How long a wait only yields before it begins to sleep.
  public var spinning: Duration
  /// The bound of a single sleep.
  public var longestSleep: Duration
  private var start: ContinuousClock.Instant?

  /// For waits that hold up a computation: sleeps stay under a millisecond.
  public static let brief = PollingBackoff(spinning: .microseconds(50), longestSleep: .milliseconds(1))
  /// For idle processes, which may wait for hours: sleeps grow to a fiftieth of a second.
  public static let idle = PollingBackoff(spinning: .microseconds(50), longestSleep: .milliseconds(20))

  /// Creates a wait that has not begun.
  public init(spinning: Duration, longestSleep: Duration) {
    self.spinning = spinning
    self.longestSleep = longestSleep
  }

  /// Begins a new wait: to be called when something has arrived.
  public mutating func reset() { start = nil }

  /// Passes some time between two polls, and returns whether the process slept.
  @discardableResult
  public mutating func pause() -> Bool {
    let now = ContinuousClock.now
    let began = start ?? now
    start = began
    let waited = now - began
    guard waited >= spinning else {
      sched_yield()
      return false
    }
    let sleep = min(waited / 8, longestSleep)
    usleep(UInt32(max(1, sleep / .microseconds(1))))
    return true
  }
}
