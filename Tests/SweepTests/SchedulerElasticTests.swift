import Foundation
import Jobs
import Testing
import TestSupport

@testable import Sweep

private typealias World = SchedulerSimulation.World

/// Runs that can be shared by up to 8 ranks, of at least `least` seconds of one, spread over a random number of doublings.
private func runs(_ count: Int, least: Double, _ random: inout SeededGenerator) -> [Scheduler.Run] {
  let spread = Double.random(in: 0...9, using: &random)
  return (0..<count).map { _ in
    Scheduler.Run(
      cost: least * exp2(Double.random(in: 0...spread, using: &random)),
      maximumGroup: 1 << Int.random(in: 0...3, using: &random))
  }
}

/// A world where groups fall up to a tenth short of twice the speed, and going on elsewhere takes up to half a second.
private func world(_ random: inout SeededGenerator) -> World {
  let restart = exp2(Double.random(in: -5...(-1), using: &random))
  return World(
    saving: restart / 3, starting: restart * 2 / 3, loss: Double.random(in: 0...0.15, using: &random),
    reports: 0.5)
}

@Suite struct SchedulerElasticTests {
  /// Going on in another group costs a twentieth of the shortest run at most.
  @Test(arguments: 0..<20, [nil, Double.infinity])
  func `five unequal runs on four ranks end within a tenth of the best`(seed: Int, deadline: Double?) {
    var random = SeededGenerator(seed: 300 + UInt64(seed))
    let (world, runs) = (world(&random), runs(5, least: 10, &random))
    var simulation = SchedulerSimulation(runs, ranks: 4, horizon: Horizon(deadline: deadline), world: world)
    simulation.run()
    #expect(simulation.settledCount == 5)
    #expect(!BestMakespan(ranks: 4, world: world).canEnd(runs, before: simulation.makespan / 1.1))
  }

  /// Estimates are wrong by a factor of up to three, and groups may be worth far less than thought.
  ///
  /// Then regrouping may take a
  /// fifth longer than letting every run stay in its group, but it seldom takes longer at all, and on the whole it pays.
  @Test func `regrouping costs little where it does not pay, and pays on the whole`() {
    var ratios: [Double] = []
    for seed in 0..<60 {
      var random = SeededGenerator(seed: 400 + UInt64(seed))
      var (world, runs) = (world(&random), runs(Int.random(in: 2...14, using: &random), least: 10, &random))
      world.loss *= 3
      let seconds = runs.map { $0.cost * pow(3, Double.random(in: -1...1, using: &random)) }
      let ranks = Int.random(in: 2...9, using: &random)
      func makespan(regroups: Bool) -> Double {
        world.regroups = regroups
        var simulation = SchedulerSimulation(runs, seconds: seconds, ranks: ranks, world: world)
        simulation.run()
        #expect(simulation.settledCount == runs.count)
        #expect(regroups || simulation.pauses.isEmpty)
        return simulation.makespan
      }
      let (fixed, elastic) = (makespan(regroups: false), makespan(regroups: true))
      #expect(elastic <= 1.2 * fixed + 5 * (world.saving + world.starting))
      ratios.append(elastic / fixed)
    }
    #expect(ratios.count { $0 > 1.02 } <= 6)
    #expect(ratios.reduce(0, +) / 60 < 0.97)
  }

  @Test func `groups that are no faster are found out and not made larger again`() {
    // Of a group that is doubled every rank does the same work: it is never faster.
    let world = World(saving: 0.1, starting: 0.1, loss: 1, reports: 0.5)
    let runs = [400.0, 30, 30, 30].map { Scheduler.Run(cost: $0, maximumGroup: 8) }
    var simulation = SchedulerSimulation(runs, ranks: 8, world: world)
    simulation.run()
    #expect(simulation.settledCount == 4)
    #expect(simulation.makespan < 400 + 3)
  }

  @Test func `the speed of a kind of run is learnt for all of its kind`() {
    // All cost the same, but those of the second kind take ten times as long: the longest of them come first once that is seen.
    let runs = (0..<40).map { Scheduler.Run(cost: 4 + Double($0) / 10, maximumGroup: 1, kind: $0 % 2) }
    let seconds = runs.map { $0.kind == 0 ? $0.cost : 10 * $0.cost }
    var simulation = SchedulerSimulation(
      runs, seconds: seconds, ranks: 2, world: World(reports: 0.5))
    simulation.run()
    #expect(simulation.settledCount == 40)
    #expect(simulation.starts.dropFirst(6).prefix(10).allSatisfy { runs[$0.run].kind == 1 })
    #expect(simulation.makespan <= 1.02 * seconds.reduce(0, +) / 2)
  }

  @Test func `ranks of a group are on one node where there is room`() {
    let nodes = Dictionary(uniqueKeysWithValues: (0..<12).map { ($0, $0 % 3) })
    var scheduler = Scheduler(
      runs: [8.0, 4, 4, 1].map { .init(cost: $0, maximumGroup: 4) }, ranks: 0..<12, nodes: nodes)
    let groups = scheduler.handle(.began, at: 0).compactMap { action -> [Int]? in
      if case .start(let assignment) = action { assignment.ranks } else { nil }
    }
    #expect(groups.count == 4)
    for ranks in groups { #expect(Set(ranks.map { nodes[$0] }).count == 1) }
  }

  @Test func `what is larger than a node takes few of them`() {
    let nodes = Dictionary(uniqueKeysWithValues: (0..<12).map { ($0, $0 / 3) })
    var idle = IdleRanks(nodes: nodes)
    for rank in 0..<12 { idle.insert(rank) }
    #expect(idle.take(1) == [0])
    #expect(idle.take(4) == [3, 4, 5, 6])
    #expect(idle.take(2) == [1, 2])
    #expect(idle.count == 5)
  }
}

@Suite struct SchedulerPropertyTests {
  /// Ranks are lost and come back, messages are late or repeated, some ranks are slow, estimates are wrong.
  @Test(arguments: 0..<100)
  func `every run is settled once, whatever becomes of the ranks`(seed: Int) {
    var random = SeededGenerator(seed: 500 + UInt64(seed))
    let (world, runs) = (world(&random), runs(Int.random(in: 0...30, using: &random), least: 1, &random))
    let seconds = runs.map { $0.cost * pow(3, Double.random(in: -1...1, using: &random)) }
    let ranks = Int.random(in: 2...12, using: &random)
    let length = seconds.reduce(1, +) / Double(ranks)
    let size: RanksPerRun =
      Bool.random(using: &random) ? .auto : .fixed(1 << Int.random(in: 0...2, using: &random))
    let horizon = Bool.random(using: &random) ? Horizon() : Horizon(deadline: .infinity)
    var simulation = SchedulerSimulation(
      runs, seconds: seconds, ranks: ranks, ranksPerRun: size, horizon: horizon, world: world)
    // The first rank stays, so that somebody can end the work.
    for _ in 0..<Int.random(in: 0...20, using: &random) {
      let (rank, time) = (
        Int.random(in: 1..<ranks, using: &random), Double.random(in: 0...(2 * length), using: &random)
      )
      simulation.schedule(.lost(rank: rank), at: time)
      if Bool.random(using: &random) { simulation.schedule(.lost(rank: rank), at: time + 0.001) }
      if Bool.random(using: &random) {
        simulation.comeBack(rank, at: time + Double.random(in: 0...length, using: &random))
      }
    }
    simulation.repeats = true
    simulation.run()
    #expect(simulation.settledCount == runs.count)
    #expect(simulation.finishes == 1)
  }
}
