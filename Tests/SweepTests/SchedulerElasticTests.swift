import Foundation
import Jobs
import Testing
import TestSupport

@testable import Sweep

@Suite struct SchedulerElasticTests {
  @Test(arguments: 0..<30, [nil, Double.infinity])
  func `five unequal runs on four ranks end within a tenth of the best`(seed: Int, deadline: Double?) {
    var random = SeededGenerator(seed: 300 + UInt64(seed))
    let spread = Double.random(in: 0...9, using: &random)
    // A twentieth of the shortest run at most.
    let restart = exp2(Double.random(in: -5...(-1), using: &random))
    let world = SchedulerSimulation.World(
      saving: restart / 3, starting: restart * 2 / 3, loss: Double.random(in: 0...0.15, using: &random),
      reports: 0.5)
    let runs = (0..<5).map { _ in
      Scheduler.Run(
        cost: 10 * exp2(Double.random(in: 0...spread, using: &random)),
        maximumGroup: 1 << Int.random(in: 0...3, using: &random))
    }
    var simulation = SchedulerSimulation(runs, ranks: 4, horizon: Horizon(deadline: deadline), world: world)
    simulation.run()
    #expect(simulation.settledCount == 5)
    #expect(!BestMakespan(ranks: 4, world: world).canEnd(runs, before: simulation.makespan / 1.1))
  }
}
