import Problems
import Testing

@testable import Sweep

@Suite struct TimeLimitTests {
  @Test(arguments: [
    ("30m", 1800.0), ("30", 1800), ("0.5", 30), ("2h", 7200), ("90s", 90), ("1d", 86400), ("45 min", 2700),
    ("00:01:30", 90), ("12:00:00", 43200), ("100:00:00", 360_000), ("2-12:00:00", 216_000),
  ])
  func `a time is read as it is written`(text: String, seconds: Double) throws {
    #expect(try TimeLimit.seconds(text, of: "--time-limit") == seconds)
  }

  @Test(arguments: ["", "0", "0m", "-1", "1:30", "00:60:00", "nan", "1e3", "2 weeks", "h", "99999d"])
  func `what is no time above 0 is refused by name`(text: String) {
    #expect(throws: Problem.self) { try TimeLimit.seconds(text, of: "--time-limit") }
  }

  @Test func `the earlier of two ends counts, and one that is over does not`() throws {
    #expect(TimeLimit.find(nil, environment: [:]) == nil)
    #expect(TimeLimit.find(nil, environment: ["SLURM_JOB_END_TIME": "1000"]) == nil)
    let future = ["SLURM_JOB_END_TIME": "99999999999"]
    #expect(TimeLimit.find(nil, environment: future)?.source == "the end of the SLURM job")
    #expect(TimeLimit.find(60, environment: future)?.source == "--time-limit")
    let left = try #require(TimeLimit.find(60, environment: [:])).left
    #expect(left > 0 && left <= 60)
  }

  @Test(arguments: [
    (43200.0, nil as Double?, 30.0), (43200, 4, 30), (43200, 100, 200), (5, nil, 0.5), (60, 100, 30),
  ])
  func `what saving and merging took is left twice over`(limit: Double, measured: Double?, margin: Double) {
    #expect(SessionTimes.margin(limit: limit, measured: measured) == margin)
  }
}
