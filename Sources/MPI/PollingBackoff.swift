internal import Glibc

/// How a process waits for something that it can only poll for.
///
/// MPI's own waits spin, and so take a core away from a process that has work. Here a wait spins only for a moment,
/// then yields the core between polls, and then sleeps for a fixed share of the time waited so far, so that it
/// notices late by at most that share, and by at most `longestSleep`.
public struct PollingBackoff: Sendable {
  /// How long a wait keeps the core; for three times as long again it yields between polls.
  public var spinning: Duration
  /// The bound of a single sleep.
  public var longestSleep: Duration
  /// A sleep is the time waited so far divided by this.
  public var share: Int
  private var start: ContinuousClock.Instant?

  /// For waits that hold up a computation: sleeps stay under a millisecond.
  public static let brief = PollingBackoff(spinning: .microseconds(20), longestSleep: .milliseconds(1))
  /// For idle processes, which may wait for hours: sleeps grow to a fiftieth of a second.
  ///
  /// Rank 0 begins anew with every report of those who work, so the way to long sleeps is short.
  public static let idle = PollingBackoff(
    spinning: .microseconds(20), longestSleep: .milliseconds(20), share: 4)

  /// Creates a wait that has not begun.
  public init(spinning: Duration, longestSleep: Duration, share: Int = 8) {
    self.share = share
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
    if waited < spinning { return false }
    if waited < spinning * 4 {
      sched_yield()
      return false
    }
    usleep(UInt32(max(1, min(waited / share, longestSleep) / .microseconds(1))))
    return true
  }
}
