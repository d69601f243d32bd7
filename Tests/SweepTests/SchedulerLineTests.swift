import Jobs
import Testing
import TestSupport

@testable import Sweep

/// Runs that ranks have in line behind the one under way.
@Suite struct SchedulerLineTests {
  private static let longest = 0.1
  private static let world = SchedulerSimulation.World(longestInLine: longest)

  private static func runs(_ count: Int, _ costs: ClosedRange<Double>, seed: UInt64 = 1) -> [Scheduler.Run] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in .init(cost: Double.random(in: costs, using: &random), maximumGroup: 1) }
  }

  @Test(arguments: [0.0005, 0.004, 0.09], [1, 2, 7])
  func `short runs stand in line, a few at a time, and every one is settled once`(cost: Double, ranks: Int) {
    let runs = Self.runs(2000, cost / 2...cost)
    var simulation = SchedulerSimulation(runs, ranks: ranks, world: Self.world)
    simulation.run()
    #expect(simulation.settledCount == 2000)
    #expect(simulation.linedUp > 1000)
    #expect(simulation.starts.count == 2000 + simulation.pauses.count)
    #expect((1...16).contains(simulation.longestLine))
    #expect(cost < 0.01 || simulation.longestLine == 1)
    #expect(simulation.makespan <= simulation.lowerBound + Self.longest + cost)
  }

  @Test func `long runs, and those behind long ones, stand in no line`() {
    let runs = Self.runs(200, 0.2...1) + Self.runs(20, 0.01...0.02)
    var simulation = SchedulerSimulation(runs, ranks: 3, world: Self.world)
    simulation.run()
    #expect(simulation.settledCount == 220)
    #expect(simulation.linedUp <= 20)
  }

  @Test func `what stands behind a run that takes long after all is given to others`() {
    let runs = Self.runs(1000, 0.005...0.006)
    var seconds = runs.map(\.cost)
    seconds[runs.indices.max { (runs[$0].cost, $1) < (runs[$1].cost, $0) } ?? 0] = 20
    var simulation = SchedulerSimulation(runs, seconds: seconds, ranks: 4, world: Self.world)
    simulation.run()
    #expect(simulation.settledCount == 1000)
    #expect(!simulation.pauses.isEmpty)
    #expect(simulation.makespan < 20.1)
  }

  /// Everything takes 400 times as long as it was thought to, which is seen after a second.
  @Test func `what stands behind runs that all take long keeps the shortest from nothing`() {
    let runs = Self.runs(40, 0.04...0.05) + Self.runs(10, 0.0005...0.0006)
    var world = Self.world
    (world.reports, world.saving) = (0.27, 0.1)
    var simulation = SchedulerSimulation(
      runs, seconds: runs.map { 400 * $0.cost }, ranks: 2, horizon: Horizon(), world: world)
    simulation.run(until: 15, cut: .killed(checkpoints: 1))
    #expect(simulation.linedUp > 0)
    #expect((40..<50).contains { simulation.isSettled($0) })
  }

  @Test func `runs that may have more ranks stand in no line where the size of groups is fixed`() {
    let large = Self.runs(50, 0.03...0.04).map { Scheduler.Run(cost: $0.cost, maximumGroup: 4) }
    let runs = Self.runs(50, 0.01...0.02) + large
    var simulation = SchedulerSimulation(runs, ranks: 8, ranksPerRun: .fixed(4), world: Self.world)
    simulation.run()
    #expect(simulation.settledCount == 100)
    for start in simulation.starts where start.run >= 50 { #expect(start.ranks.count == 4) }
  }

  @Test(arguments: 0..<40) func `nothing is lost with ranks, in sessions that are cut, or by repetition`(
    seed: UInt64
  ) {
    var random = SeededGenerator(seed: seed)
    let ranks = Int.random(in: 1...9, using: &random)
    let runs = Self.runs(400, 0.001...0.15, seed: seed)
    var world = Self.world
    (world.saving, world.reports) = (0.01, seed % 2 == 0 ? 0.05 : nil)
    var simulation = SchedulerSimulation(
      runs, ranks: ranks, horizon: Horizon(deadline: seed % 3 == 0 ? 2 : nil), world: world)
    simulation.repeats = seed % 5 == 0
    for rank in 1..<max(ranks, 2) where ranks > 1 && Bool.random(using: &random) {
      let time = Double.random(in: 0...3, using: &random)
      simulation.schedule(.lost(rank: rank), at: time)
      simulation.comeBack(rank, at: time + 0.5)
    }
    simulation.run { $0.number.isMultiple(of: 17) }
    #expect(simulation.finishes == 1)
    #expect(seed % 3 == 0 || simulation.settledCount == 400)
  }
}
