import MPI
import Testing

@Suite struct PollingBackoffTests {
  @Test(arguments: [(Duration.zero, true), (.seconds(3600), false)])
  func aWaitSleepsOnceItsTimeToSpinIsOver(spinning: Duration, sleeps: Bool) {
    var backoff = PollingBackoff(spinning: spinning, longestSleep: .milliseconds(1))
    let pauses = (0..<3).map { _ in backoff.pause() }
    #expect(pauses == [sleeps, sleeps, sleeps])
  }
}
