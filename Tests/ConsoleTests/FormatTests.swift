import Testing

@testable import Console

@Suite struct FormatTests {
  @Test(arguments: [
    (0.04, "0.0 s"), (9.94, "9.9 s"), (12.4, "12 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"),
    (7500, "2 h 5 min"), (273_600, "3 d 4 h"), (.infinity, "an unknown time"),
  ]) func durations(seconds: Double, text: String) {
    #expect(Format.duration(seconds) == text)
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (41203, "41,203"), (1_234_567, "1,234,567"), (-1500, "-1,500"),
    (.nan, "-"),
  ]) func counts(value: Double, text: String) {
    #expect(Format.count(value) == text)
  }

  @Test func sparklineShowsThePeakOfEveryColumn() {
    #expect(Sparkline.draw([0, 7], width: 10) == "▁█")
    #expect(Sparkline.draw([0, 0, 0, 8, 0, 0], width: 3) == "▁█▁")
    #expect(Sparkline.draw([1, .nan, 1], width: 3) == "▁×▁")
    #expect(Sparkline.draw([.nan], width: 3) == "")
  }
}
