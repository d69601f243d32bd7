import MPI
import Testing

@Suite struct PollingBackoffTests {
  @Test func aWaitYieldsFirstAndSleepsLater() {
    var backoff = PollingBackoff(spinning: .milliseconds(2), longestSleep: .milliseconds(1))
    let first = backoff.pause()
    let start = ContinuousClock.now
    while ContinuousClock.now - start < .milliseconds(3) {}
    let second = backoff.pause()
    backoff.reset()
    let third = backoff.pause()
    #expect([first, second, third] == [false, true, false])
  }
}
