import Foundation
import Jobs
import Testing
import TestSupport

@testable import Sweep

/// A sweep that is put back into the queue until everything has ended, on simulated time.
private struct Requeued {
  /// How the sessions end, one after the other.
  enum Sessions {
    case limited, asked, killed
  }

  var left: [Double]
  let seconds: [Double]
  let maximumGroups: [Int]
  var isFresh: [Bool]
  var sessions = 0
  var rankSeconds = 0.0

  init(seconds: [Double], maximumGroups: [Int]) {
    self.seconds = seconds
    self.maximumGroups = maximumGroups
    left = seconds
    isFresh = seconds.map { _ in true }
  }

  var isDone: Bool { left.allSatisfy { $0 <= 0 } }

  /// One session; every run costs `errors` times what it is thought to.
  mutating func next(
    _ kind: Sessions, lasting length: Double, ranks: Int, checkpoints: Double = 1, errors: [Double],
    ranksPerRun: RanksPerRun = .auto
  ) -> SchedulerSimulation {
    let waiting = left.indices.filter { left[$0] > 0 }
    let runs = waiting.map {
      Scheduler.Run(cost: left[$0] / errors[$0], maximumGroup: maximumGroups[$0], isFresh: isFresh[$0])
    }
    var simulation = SchedulerSimulation(
      runs, seconds: waiting.map { left[$0] }, ranks: ranks, ranksPerRun: ranksPerRun,
      horizon: kind == .limited ? Horizon(deadline: length, minimumTurn: length / 20) : Horizon())
    switch kind {
    case .limited: simulation.run()
    case .asked: simulation.run(until: length, cut: .asked)
    case .killed: simulation.run(until: length, cut: .killed(checkpoints: checkpoints))
    }
    for (index, run) in waiting.enumerated() {
      if simulation.wasStarted(index) && simulation.left[index] < left[run] { isFresh[run] = false }
      left[run] = simulation.isSettled(index) ? 0 : max(simulation.left[index], 1e-9)
    }
    sessions += 1
    rankSeconds += simulation.rankSeconds
    return simulation
  }
}

private func mix(_ random: inout SeededGenerator) -> (seconds: [Double], groups: [Int]) {
  let count = Int.random(in: 1...40, using: &random)
  let spread = Double.random(in: 0...7, using: &random)
  let seconds = (0..<count).map { _ in exp2(Double.random(in: -1...1 + spread, using: &random)) }
  return (seconds, seconds.map { _ in 1 << Int.random(in: 0...3, using: &random) })
}

@Suite struct SchedulerTurnTests {
  @Test(arguments: [false, true])
  func `two hopeless runs keep no short run from its end`(isLimited: Bool) {
    var sweep = Requeued(
      seconds: [100, 100] + Array(repeating: 0.4, count: 10), maximumGroups: Array(repeating: 1, count: 12))
    let errors = Array(repeating: 1.0, count: 12)
    for _ in 0..<2 { _ = sweep.next(isLimited ? .limited : .asked, lasting: 10, ranks: 2, errors: errors) }
    // An eighth of 20 rank-seconds in each of them.
    #expect(sweep.left[2...].allSatisfy { $0 == 0 })
    while !sweep.isDone, sweep.sessions < 50 {
      _ = sweep.next(isLimited ? .limited : .asked, lasting: 10, ranks: 2, errors: errors)
    }
    #expect(sweep.isDone)
    #expect(sweep.sessions == 11)
  }

  @Test(arguments: [Requeued.Sessions.limited, .asked, .killed], 0..<20)
  fileprivate func `every mix ends in sessions of every length`(kind: Requeued.Sessions, seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let (seconds, groups) = mix(&random)
    let ranks = Int.random(in: 1...9, using: &random)
    let errors = seconds.map { _ in exp2(Double.random(in: -1...1, using: &random)) }
    var sweep = Requeued(seconds: seconds, maximumGroups: groups)
    var kills = 0
    while !sweep.isDone, sweep.sessions < 20_000 {
      let length = Double.random(in: 2...20, using: &random)
      _ = sweep.next(kind, lasting: length, ranks: ranks, checkpoints: 1, errors: errors)
      kills += 1
    }
    #expect(sweep.isDone)
    // A kill costs each rank one interval at most; what is saved is never computed again.
    let work = seconds.reduce(0, +)
    let repeated = kind == .killed ? Double(kills * ranks) : 0
    #expect(sweep.rankSeconds <= work + repeated + 1e-6 * work)
  }

  @Test(arguments: [Requeued.Sessions.limited, .asked], 0..<40)
  fileprivate func `in every session a run ends, or one that nobody had worked on has its turn`(
    kind: Requeued.Sessions, seed: Int
  ) {
    var random = SeededGenerator(seed: 100 + UInt64(seed))
    let (seconds, groups) = mix(&random)
    let ranks = Int.random(in: 1...5, using: &random)
    var sweep = Requeued(seconds: seconds, maximumGroups: groups)
    let errors = seconds.map { _ in 1.0 }
    while !sweep.isDone, sweep.sessions < 5000 {
      let wasFresh = sweep.isFresh
      let before = sweep.left
      _ = sweep.next(kind, lasting: 12, ranks: ranks, errors: errors)
      let ended = zip(before, sweep.left).contains { $0 > 0 && $1 == 0 }
      let hasFresh = zip(wasFresh, before).contains { $0 && $1 > 0 }
      #expect(ended || wasFresh != sweep.isFresh || !hasFresh)
    }
    #expect(sweep.isDone)
  }

  @Test(arguments: 0..<60)
  func `what is not cut takes little longer than longest first`(seed: Int) {
    var random = SeededGenerator(seed: 200 + UInt64(seed))
    let (seconds, groups) = mix(&random)
    let runs = zip(seconds, groups).map { Scheduler.Run(cost: 20 * $0, maximumGroup: $1) }
    let ranks = Int.random(in: 1...9, using: &random)
    func makespan(_ horizon: Horizon) -> Double {
      var simulation = SchedulerSimulation(runs, ranks: ranks, horizon: horizon)
      simulation.run()
      #expect(simulation.settledCount == runs.count)
      return simulation.makespan
    }
    let longestFirst = makespan(Horizon(deadline: .infinity))
    // Below a minute no group is changed.
    #expect(makespan(Horizon()) <= 1.25 * longestFirst + 60)
    #expect(makespan(Horizon(deadline: longestFirst + 2)) <= longestFirst + 1e-9)
  }

  @Test func `a session that is long enough is longest first, and nobody has to make room`() {
    let runs = [50.0, 1, 40, 2, 30, 3].map { Scheduler.Run(cost: $0, maximumGroup: 1) }
    var simulation = SchedulerSimulation(runs, ranks: 2, horizon: Horizon(deadline: 100))
    simulation.run()
    #expect(simulation.starts.map(\.run) == [0, 2, 4, 5, 3, 1])
    #expect(simulation.pauses.isEmpty)
  }

  @Test func `a sweep of unknown length pauses seldom`() {
    let runs = (1...200).map { Scheduler.Run(cost: 10 * Double($0), maximumGroup: 1) }
    var simulation = SchedulerSimulation(runs, ranks: 4)
    simulation.run()
    #expect(simulation.settledCount == 200)
    // Its age doubles 13 times.
    #expect(simulation.pauses.count <= 2 * 13)
  }

  @Test func `nothing is started that can neither end nor be saved`() {
    let runs = [Scheduler.Run(cost: 0.3, maximumGroup: 1), .init(cost: 50, maximumGroup: 1)]
    let horizon = Horizon(deadline: 10, minimumTurn: 1)
    var scheduler = Scheduler(runs: runs, ranks: 0..<1, horizon: horizon)
    #expect(scheduler.handle(.began, at: 9.5) == [.start(.init(number: 0, run: 0, ranks: [0]))])
    #expect(scheduler.handle(.ended(assignment: 0, .settled), at: 9.8) == [.finish])
    #expect(scheduler.waitingCount == 1)
  }

  @Test func `a run that is slower than thought is seen to be while it runs`() {
    // Thought to take 1 s, so that both fit into the session; at 2 s it has done a hundredth.
    let runs = [Scheduler.Run(cost: 1.5, maximumGroup: 1), .init(cost: 0.1, maximumGroup: 1)]
    var scheduler = Scheduler(runs: runs, ranks: 0..<1, horizon: Horizon(deadline: 60, minimumTurn: 0.5))
    let first = Scheduler.Assignment(number: 0, run: 0, ranks: [0])
    #expect(scheduler.handle(.began, at: 0) == [.start(first)])
    #expect(scheduler.handle(.tick, at: 1) == [])
    #expect(scheduler.handle(.progressed(assignment: 0, left: 0.99), at: 2) == [])
    #expect(scheduler.remaining(at: 2) > 100)
    #expect(scheduler.handle(.tick, at: 2.1) == [.pause(first)])
    let next = scheduler.handle(.ended(assignment: 0, .saved(left: 0.98)), at: 2.2)
    #expect(next == [.start(.init(number: 1, run: 1, ranks: [0]))])
  }
}
