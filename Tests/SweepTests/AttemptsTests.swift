import Testing

@testable import Sweep

@Suite struct AttemptsTests {
  @Test func aRunThatIsLostAtTheSameStepIsGivenUp() {
    var attempts = Attempts()
    for loss in 1...Attempts.most {
      #expect(attempts.objection(to: 7) == nil)
      attempts.reached(loss == 1 ? 100 : 90, of: 7)
      attempts.lost(7)
    }
    #expect(attempts.objection(to: 7) != nil)
    #expect(attempts.objection(to: 8) == nil)
  }

  @Test func aRunThatNeverBeganIsGivenUp() {
    var attempts = Attempts()
    for _ in 1...Attempts.most { attempts.lost(0) }
    #expect(attempts.objection(to: 0) != nil)
  }

  @Test func aRunThatComesFurtherEveryTimeIsTriedAgain() {
    var attempts = Attempts()
    for loss in 1...10 * Attempts.most {
      attempts.reached(100 * loss, of: 7)
      attempts.lost(7)
      #expect(attempts.objection(to: 7) == nil)
    }
  }
}
