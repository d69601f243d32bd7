import JobFixtures
import Jobs
import NodeMemory
import Problems
import Testing

@testable import Sweep
@testable import Training

@Suite struct MemoryCheckTests {
  /// A network of 20 x 1000 + 1000 + 1000 + 1 weights in single precision, on 40 examples, with a second seed.
  private func need() throws -> PlanMemory {
    let plan = try JobText.plan(
      """
      name: memory
      data: {name: gaussian-mixture, examples: 40, features: 20, classes: 2, targets: signed, test_examples: 10}
      model: {name: mlp, hidden: [1000]}
      loss: mse
      optimizer: adam
      learning_rate: 0.001
      measure: {every: 10, top: 1}
      stop: {steps: 10}
      grid:
        - seed: [1, 2]
      """)
    return try PlanMemory(plan, of: plan.runs.indices)
  }

  private let weights = 4 * (21 * 1000 + 1001)
  private let data = 4 * 50 * 21

  private func places(_ ranks: Int, available: Int) -> RankPlaces {
    RankPlaces(
      (0..<ranks).map { rank in
        var place = RankPlace.here(rank: rank)
        place.memory = MachineMemory(available: available)
        return place
      })
  }

  @Test func weightsStateAndDataAreCounted() throws {
    let run = try #require(try need().runs.first)
    // Adam carries two vectors; there are weights, gradient and its sum.
    #expect(run.least == 5 * weights)
    #expect(run.data == data)
    #expect(run.expected > run.least + RunMemory.program + run.eigensolver)
    #expect(run.eigensolver.isMultiple(of: weights) && run.eigensolver >= 20 * weights)
  }

  @Test func dataCountsOncePerNode() throws {
    let need = try need()
    #expect(need.least(ranks: 1) == 5 * weights + data)
    #expect(need.least(ranks: 2) == 10 * weights + data)
  }

  @Test func whatCannotFitIsRefused() throws {
    let least = try need().least(ranks: 2)
    let tight = MemoryCheck(try need(), runs: 2, on: places(2, available: least))
    #expect(try tight.notes().count == 1)
    let short = MemoryCheck(try need(), runs: 2, on: places(2, available: least - 1))
    #expect(throws: Problem.self) { try short.notes() }
    // A single run may be computed by one of them.
    let single = MemoryCheck(try need(), runs: 1, on: places(2, available: least - 1))
    #expect(try single.notes().count == 1)
    let roomy = MemoryCheck(try need(), runs: 2, on: places(2, available: 1 << 40))
    #expect(try roomy.notes().isEmpty)
  }

  @Test func aLimitOfTheProcessCountsToo() throws {
    var all = places(1, available: 1 << 40).all
    all[0].memory?.addressSpace = try need().least(ranks: 1) - 1
    #expect(throws: Problem.self) {
      try MemoryCheck(try need(), runs: 2, on: RankPlaces(all)).notes()
    }
  }
}
