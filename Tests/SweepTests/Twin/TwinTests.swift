import JobFixtures
import Jobs
import Testing
import TestSupport

@testable import Sweep
@testable import Training

/// Coordinator and ranks under everything that can happen, on simulated time.
@Suite struct TwinTests {
  private static let plan = Result {
    try JobText.plan(
      JobText.with(
        "name: twin", "block_size: 2", "data: {name: chebyshev, points: 20}",
        "grid: [{stop.steps: [3, 8, 20, 40], seed: [0, 1, 2]}]"))
  }

  private static func sweep() throws -> SelectedRuns {
    let plan = try plan.get()
    return SelectedRuns(plan, costs: try PlanCosts(plan), selection: Set(plan.runs.indices))
  }

  private static func session(
    ranks: Int, _ weather: SimulatedWorld.Weather = .init(), deadline: Double? = nil,
    longestInLine: Double = 0, seed: UInt64 = 0
  ) throws -> TwinSession {
    try TwinSession(
      sweep(), ranks: ranks, weather: weather, deadline: deadline, longestInLine: longestInLine, seed: seed)
  }

  @Test(arguments: 0..<20) func anyScheduleEndsAsItShould(batch: Int) throws {
    for number in 0..<100 {
      let seed = UInt64(batch * 100 + number)
      var random = SeededGenerator(seed: seed &+ 0x5EED)
      let ranks = Int.random(in: 1...12, using: &random)
      let weather = Self.weather(ranks: ranks, &random)
      let deadline =
        Int.random(in: 0..<5, using: &random) == 0 ? Double.random(in: 1...60, using: &random) : nil
      let session = try Self.session(
        ranks: ranks, weather, deadline: deadline, longestInLine: number % 2 == 0 ? 0 : 100, seed: seed)
      let hasEnded = try session.run()
      let complaints = session.complaints(hasEnded: hasEnded)
      #expect(complaints.isEmpty, "seed \(seed), \(ranks) ranks: \(complaints)")
    }
  }

  /// Each kind of trouble by itself, and any of them together.
  private static func weather(ranks: Int, _ random: inout SeededGenerator) -> SimulatedWorld.Weather {
    var weather = SimulatedWorld.Weather()
    weather.delay = [0.01, 0.2, 3].randomElement(using: &random) ?? 0.2
    func happens() -> Bool { Int.random(in: 0..<3, using: &random) == 0 }
    func time() -> Double { Double.random(in: 0...60, using: &random) }
    if happens(), ranks > 1 {
      for _ in 0..<Int.random(in: 1...ranks, using: &random) {
        let rank = Int.random(in: 1..<ranks, using: &random)
        weather.deaths.append((time(), rank, Bool.random(using: &random)))
      }
    }
    if happens(), ranks > 1 {
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let rank = Int.random(in: 1..<ranks, using: &random)
        weather.stalls.append((time(), rank, [1, 10, 60, 200].randomElement(using: &random) ?? 1))
      }
    }
    for run in 0..<12 where happens() && happens() {
      weather.failures[run] = (Int.random(in: 0...3, using: &random), happens() && happens())
    }
    if happens(), happens() { weather.killers[Int.random(in: 0..<12, using: &random)] = 2 }
    if happens() { weather.interrupts = [time()] + (happens() ? [time()] : []) }
    if happens(), happens() { weather.fullDisk = time() }
    return weather
  }

  @Test(arguments: 2...9) func aDeadRankCostsItsOwnGroupOnly(ranks: Int) throws {
    for seed in 0..<20 {
      var random = SeededGenerator(seed: UInt64(seed))
      var weather = SimulatedWorld.Weather()
      weather.deaths = [(Double.random(in: 0...15, using: &random), ranks - 1, true)]
      let session = try Self.session(ranks: ranks, weather, seed: UInt64(seed))
      #expect(try session.run())
      #expect(session.world.written.count == 12)
      #expect(session.coordinator.failed.isEmpty)
      for (run, steps) in session.world.stepsDone {
        let total = try Self.plan.get().runs[run].stop.steps
        #expect(session.world.touched.contains(run) ? steps <= 2 * total : steps == total)
      }
    }
  }

  @Test func aSilentRankIsNamedWithThoseWhoWaitForIt() throws {
    var weather = SimulatedWorld.Weather()
    weather.stalls = [(1, 2, 1000)]
    let session = try Self.session(ranks: 4, weather)
    #expect(try session.run())
    let told = session.log.events.filter { $0.kind == .rankSilent }
    #expect(told.map(\.ranks) == [[2]])
    let lost = session.log.events.filter { $0.kind == .rankLost }
    #expect(lost.map(\.ranks) == [[2]])
    #expect(told.first?.message.contains("rank 2 (") == true)
    #expect(session.world.written.count == 12)
    guard case .byForce = session.coordinator.crew.farewell else {
      Issue.record("Nobody would wait for the silent rank.")
      return
    }
  }

  @Test func aRankThatSpeaksAgainIsGivenRunsAgain() throws {
    var weather = SimulatedWorld.Weather()
    weather.stalls = [(1, 1, 50)]
    let session = try Self.session(ranks: 2, weather)
    #expect(try session.run())
    #expect(session.log.events.map(\.kind) == [.rankSilent, .rankLost, .rankBack])
    #expect(session.coordinator.crew.workers == [0, 1])
  }

  @Test func aRunThatEndsItsRanksIsGivenUpAndTheOthersAreComputed() throws {
    var weather = SimulatedWorld.Weather()
    weather.killers = [5: 1]
    // On rank 0 it would end all; so rank 0 computes nothing here.
    let session = try Self.session(ranks: 12, weather)
    #expect(try session.run())
    #expect(session.coordinator.failed == [5])
    #expect(session.log.failures.first?.message.contains("3 times") == true)
    #expect(session.world.written.count == 11)
    #expect(session.log.events.count(where: { $0.kind == .rankLost }) == 3)
  }

  @Test func whereNoRankIsLeftTheSessionEnds() throws {
    var weather = SimulatedWorld.Weather()
    weather.deaths = (1..<10).map { (Double($0) / 10, $0, true) }
    let session = try Self.session(ranks: 10, weather)
    #expect(try session.run())
    #expect(session.coordinator.obstacle?.contains("no rank is left") == true)
  }
}
