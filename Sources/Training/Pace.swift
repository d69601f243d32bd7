/// Answers true at most once an interval.
///
/// Whoever asks very often pays for few looks at the clock: then every sixteenth question has one, so that an answer is late
/// by about a sixteenth of the interval at most.
package struct Pace {
  private let interval: Duration
  /// Questions come fast that take less than this, and sixteen of them that take less than `sixteenQuick`.
  private let quick, sixteenQuick: Duration
  private var lastLook: Duration
  private var next: Duration
  /// Questions from the last look to the next one, that one included, and those still to be answered without a look.
  private var stride = 1
  private var skipped = 0

  private static let clock = ContinuousClock()
  private static let origin = clock.now
  /// The time as a plain number: instants of a clock are slow to copy.
  private static var now: Duration { origin.duration(to: clock.now) }

  /// The first interval begins now.
  package init(_ interval: Duration) {
    (self.interval, quick, sixteenQuick) = (interval, interval / 256, interval / 16)
    lastLook = Self.now
    next = lastLook + interval
  }

  /// Whether an interval has passed; then the next one begins.
  package mutating func isDue() -> Bool {
    if skipped > 0 {
      skipped -= 1
      return false
    }
    return look()
  }

  @inline(never)
  private mutating func look() -> Bool {
    let now = Self.now
    stride = now - lastLook < (stride == 1 ? quick : sixteenQuick) ? 16 : 1
    (skipped, lastLook) = (stride - 1, now)
    guard now >= next else { return false }
    next = now + interval
    return true
  }

  /// Begins an interval now.
  package mutating func restart() { self = Pace(interval) }
}
