import LinearAlgebra
import Testing

@Suite struct RangeTests {
  @Test func numbersThatBecomeZeroInfiniteOrSubnormalAreNotHeld() {
    for value in [0, 1, -0.1, 1.2e-38, 3.4e38, -3.4e38] { #expect(Float.holds(value), "\(value)") }
    for value in [1e-50, 1e-45, 1e-39, 1e39, -1e300, .infinity, .nan] {
      #expect(!Float.holds(value), "\(value)")
    }
    for value in [0, 1e-300, 1e300] { #expect(Double.holds(value)) }
    for value in [Double.leastNormalMagnitude / 8, .infinity] { #expect(!Double.holds(value)) }
  }

  /// 3.4028235677973366e38 is the first number that rounds to infinity.
  @Test func overflowIsWhatRoundsToInfinity() {
    #expect(!Float.overflows(3.4028235677973364e38) && Float.overflows(3.4028235677973366e38))
    #expect(!Float.overflows(1e-60) && !Float.overflows(.infinity) && !Float.overflows(.nan))
    #expect(!Double.overflows(1e308))
  }
}
