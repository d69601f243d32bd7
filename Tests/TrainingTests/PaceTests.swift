import Testing

@testable import Training

/// Answers come once an interval, and in time, however fast the questions come; times are bounds that no load can break.
@Suite struct PaceTests {
  @Test func thereIsNoMoreThanOneAnswerAnInterval() {
    let (clock, interval) = (ContinuousClock(), Duration.milliseconds(2))
    let start = clock.now
    var (pace, answers) = (Pace(interval), 0)
    repeat { if pace.isDue() { answers += 1 } } while clock.now - start < .milliseconds(100)
    let elapsed = clock.now - start
    #expect(answers > 0)
    #expect(Double(answers) <= elapsed / interval)
  }

  @Test func whoeverAsksSlowlyIsNeverKeptWaiting() async throws {
    var pace = Pace(.milliseconds(1))
    for _ in 0..<20 {
      try await Task.sleep(for: .milliseconds(2))
      let isDue = pace.isDue()
      #expect(isDue)
    }
  }

  @Test func anIntervalOfNothingIsOverAtOnce() {
    var pace = Pace(.zero)
    let answers = (0..<100).count { _ in pace.isDue() }
    #expect(answers == 100)
  }

  /// Fast questions, then slow ones: at most fifteen are answered without a look at the clock.
  @Test func whoeverBecomesSlowIsHeardSoon() async throws {
    var pace = Pace(.milliseconds(50))
    for _ in 0..<1000 { _ = pace.isDue() }
    pace.restart()
    for _ in 0..<200 { _ = pace.isDue() }
    try await Task.sleep(for: .milliseconds(60))
    let answers = (0..<16).count { _ in pace.isDue() }
    #expect(answers == 1)
  }
}
