import Testing

@testable import Sweep

@Suite struct ProgressSnapshotTests {
  @Test func progressSaysWhatIsLeft() {
    let snapshot = ProgressSnapshot(
      done: 3, total: 16, running: 2, failed: 1, stepsPerSecond: 41203.4, remaining: 75)
    #expect(
      snapshot.text == "3/16 runs done, 2 running, 1 failed, 41,203 steps/s, about 1 min 15 s left")
  }
}
