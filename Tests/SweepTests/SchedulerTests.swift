import Jobs
import Testing
import TestSupport

@testable import Sweep

/// Runs whose costs spread over a factor of `spread`, evenly in the logarithm.
private func runs(_ count: Int, spread: Double, maximumGroup: Int, seed: UInt64 = 1) -> [Scheduler.Run] {
  var random = SeededGenerator(seed: seed)
  return (0..<count).map { _ in
    var cost = 1.0
    for _ in 0..<8 where Bool.random(using: &random) { cost *= spread.squareRoot().squareRoot().squareRoot() }
    cost *= Double.random(in: 1...1.5, using: &random)
    return Scheduler.Run(cost: cost, maximumGroup: maximumGroup)
  }
}

private func equalRuns(_ count: Int, maximumGroup: Int = 1) -> [Scheduler.Run] {
  Array(repeating: Scheduler.Run(cost: 1, maximumGroup: maximumGroup), count: count)
}

@Suite struct SchedulerTests {
  @Test(arguments: [(1.0, 1), (30.0, 1), (1000.0, 16)], [nil, Double.infinity])
  func `a large sweep ends within 5 percent of the lower bound`(
    kind: (spread: Double, maximumGroup: Int), deadline: Double?
  ) {
    var simulation = SchedulerSimulation(
      runs(100_000, spread: kind.spread, maximumGroup: kind.maximumGroup), ranks: 10_000,
      horizon: Horizon(deadline: deadline))
    simulation.run()
    #expect(simulation.settledCount == 100_000)
    #expect(simulation.starts.count == 100_000 + simulation.pauses.count)
    #expect(simulation.pauses.count < 20_000)
    #expect(simulation.finishes == 1)
    #expect(simulation.makespan <= 1.05 * simulation.lowerBound)
  }

  @Test(arguments: [1, 2, 3, 5, 7, 64], [0, 1, 2, 14, 40])
  func `every number of ranks settles every number of runs once`(ranks: Int, count: Int) {
    var simulation = SchedulerSimulation(runs(count, spread: 10, maximumGroup: 4), ranks: ranks)
    simulation.run()
    #expect(simulation.settledCount == count)
    #expect(simulation.starts.count == count + simulation.pauses.count)
    #expect(simulation.finishes == 1)
  }

  @Test func `the same events give the same actions`() {
    func starts() -> [Scheduler.Assignment] {
      var simulation = SchedulerSimulation(runs(500, spread: 50, maximumGroup: 8), ranks: 37)
      simulation.run { $0.number.isMultiple(of: 5) }
      return simulation.starts
    }
    #expect(starts() == starts())
  }

  @Test func `the longest run starts first, equal ones in the order of the plan`() {
    let costs = [3.0, 9, 1, 9, 5]
    let runs = costs.map { Scheduler.Run(cost: $0, maximumGroup: 1) }
    var simulation = SchedulerSimulation(runs, ranks: 1)
    simulation.run()
    #expect(simulation.starts.map(\.run) == [1, 3, 4, 0, 2])
  }

  @Test func `while runs wait for ranks every group is one rank`() {
    var simulation = SchedulerSimulation(equalRuns(64, maximumGroup: 16), ranks: 16)
    simulation.run()
    #expect(simulation.starts.allSatisfy { $0.ranks.count == 1 })
    #expect(simulation.makespan == 4)
  }

  @Test func `with more ranks than runs groups grow to powers of two, the longest first`() {
    let costs = [1.0, 8, 2]
    var simulation = SchedulerSimulation(costs.map { .init(cost: $0, maximumGroup: 8) }, ranks: 12)
    simulation.run()
    #expect(simulation.starts.map(\.run) == [1, 2, 0])
    #expect(simulation.starts.map(\.ranks.count) == [8, 2, 2])
    #expect(simulation.starts[0].ranks == Array(0..<8))
  }

  @Test func `groups grow no further than the blocks of a run`() {
    var simulation = SchedulerSimulation(
      [.init(cost: 8, maximumGroup: 2), .init(cost: 1, maximumGroup: 1)], ranks: 64)
    simulation.run()
    #expect(simulation.starts.map(\.ranks.count) == [2, 1])
  }

  @Test func `a run that would outlast all others gets more ranks from the start`() {
    let runs = [Scheduler.Run(cost: 100, maximumGroup: 64)] + equalRuns(1000)
    var simulation = SchedulerSimulation(runs, ranks: 64)
    simulation.run()
    #expect(simulation.starts[0].ranks.count == 8)
    #expect(simulation.makespan <= 1.1 * simulation.lowerBound)
  }

  @Test(arguments: [(4, 8, [4, 4]), (4, 7, [4]), (8, 4, [4]), (2, 3, [2])])
  func `a fixed group size is kept where the world allows it`(size: Int, ranks: Int, first: [Int]) {
    var scheduler = Scheduler(
      runs: equalRuns(5, maximumGroup: 16), ranks: 0..<ranks, ranksPerRun: .fixed(size))
    let sizes = scheduler.handle(.began, at: 0).map {
      if case .start(let group) = $0 { group.ranks.count } else { 0 }
    }
    #expect(sizes == first)
    var simulation = SchedulerSimulation(
      equalRuns(5, maximumGroup: 16), ranks: ranks, ranksPerRun: .fixed(size))
    simulation.run()
    #expect(simulation.settledCount == 5)
  }

  @Test func `a fixed group size gives way to the blocks of a run`() {
    var simulation = SchedulerSimulation(equalRuns(3, maximumGroup: 2), ranks: 8, ranksPerRun: .fixed(8))
    simulation.run()
    #expect(simulation.starts.map(\.ranks.count) == [2, 2, 2])
  }
}

@Suite struct SchedulerTroubleTests {
  @Test func `an interrupted run is started again`() {
    var simulation = SchedulerSimulation(runs(50, spread: 20, maximumGroup: 4), ranks: 7)
    simulation.run { $0.number.isMultiple(of: 3) }
    #expect(simulation.settledCount == 50)
    #expect(simulation.starts.count > 50)
    #expect(simulation.finishes == 1)
  }

  @Test func `runs of lost ranks are started again on others`() {
    var simulation = SchedulerSimulation(runs(200, spread: 20, maximumGroup: 8), ranks: 32)
    for rank in 0..<20 { simulation.schedule(.lost(rank: rank), at: 0.5 + Double(rank)) }
    simulation.run()
    #expect(simulation.settledCount == 200)
    #expect(simulation.finishes == 1)
  }

  @Test func `members of a broken group leave it before they work again`() throws {
    var scheduler = Scheduler(runs: equalRuns(1, maximumGroup: 4), ranks: 0..<4)
    let first = scheduler.handle(.began, at: 0)
    guard case .start(let group) = try #require(first.first) else { return #expect(Bool(false)) }
    #expect(scheduler.handle(.lost(rank: 2), at: 0) == [.abandon(group, remaining: [0, 1, 3])])
    let second = scheduler.handle(.ready(rank: 1), at: 0)
    #expect(second == [.start(.init(number: 1, run: 0, ranks: [1]))])
  }

  @Test func `a late message about an abandoned start changes nothing`() {
    var scheduler = Scheduler(runs: equalRuns(2, maximumGroup: 1), ranks: 0..<2)
    _ = scheduler.handle(.began, at: 0)
    #expect(scheduler.handle(.lost(rank: 0), at: 0) == [])
    #expect(scheduler.handle(.ended(assignment: 0, .settled), at: 0) == [])
    #expect(scheduler.waitingCount == 1)
    #expect(
      scheduler.handle(.ended(assignment: 1, .settled), at: 0)
        == [.start(.init(number: 2, run: 0, ranks: [1]))])
    #expect(scheduler.handle(.ended(assignment: 2, .settled), at: 0) == [.finish])
  }

  @Test func `the sweep ends when all ranks are lost, with the rest waiting`() {
    var scheduler = Scheduler(runs: equalRuns(3), ranks: 0..<2)
    _ = scheduler.handle(.began, at: 0)
    #expect(scheduler.handle(.lost(rank: 0), at: 0) == [])
    #expect(scheduler.handle(.lost(rank: 1), at: 0) == [.finish])
    #expect(scheduler.waitingCount == 3)
  }

  @Test func `losing an idle rank or losing one twice changes nothing else`() {
    var scheduler = Scheduler(runs: equalRuns(1), ranks: 0..<3)
    _ = scheduler.handle(.began, at: 0)
    #expect(scheduler.handle(.lost(rank: 2), at: 0) == [])
    #expect(scheduler.handle(.lost(rank: 2), at: 0) == [])
    #expect(scheduler.handle(.ended(assignment: 0, .settled), at: 0) == [.finish])
  }

  @Test func `a draining sweep has its runs saved, starts nothing and ends when the last run does`() {
    var scheduler = Scheduler(runs: equalRuns(5), ranks: 0..<2)
    let pauses = scheduler.handle(.began, at: 0).map {
      if case .start(let assignment) = $0 { Scheduler.Action.pause(assignment) } else { $0 }
    }
    #expect(scheduler.handle(.draining, at: 0) == pauses)
    #expect(scheduler.handle(.draining, at: 0) == [])
    #expect(scheduler.handle(.ended(assignment: 0, .settled), at: 0) == [])
    #expect(scheduler.handle(.ended(assignment: 1, .interrupted), at: 0) == [.finish])
    #expect(scheduler.waitingCount == 4)
  }

  @Test func `a rank may join late`() {
    var scheduler = Scheduler(runs: equalRuns(2), ranks: 0..<1)
    _ = scheduler.handle(.began, at: 0)
    #expect(scheduler.handle(.ready(rank: 9), at: 0) == [.start(.init(number: 1, run: 1, ranks: [9]))])
    #expect(scheduler.handle(.ready(rank: 9), at: 0) == [])
  }

  @Test func `nothing to run is finished at once`() {
    var scheduler = Scheduler(runs: [], ranks: 0..<4)
    #expect(scheduler.handle(.began, at: 0) == [.finish])
    #expect(scheduler.handle(.ready(rank: 1), at: 0) == [])
  }
}
