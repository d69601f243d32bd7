import JobFixtures
import Jobs
import Testing

@testable import Training

/// What `plan` times once and what it times for each, and what sessions learn the speed of.
@Suite struct RunKindTests {
  private static func runs(_ grid: String) throws -> [RunConfiguration] {
    try JobText.plan(JobText.with("name: kinds", "grid: [{\(grid)}]")).runs
  }

  @Test(arguments: ["learning_rate: [0.01, 0.02]", "seed: [0, 1]", "stop.steps: [10, 20]"])
  func runsOfOneKindShareTheirSpeed(grid: String) throws {
    let kinds = Set(try Self.runs(grid).map(RunKind.init))
    #expect(kinds.count == 1)
  }

  @Test func processesDifferInSpeedAndShareTheirObjective() throws {
    let runs = try Self.runs("process: [optimizer, stable-flow, central-flow]")
    #expect(Set(runs.map(RunKind.init)).count == 3)
    #expect(Set(runs.map(ObjectiveKind.init)).count == 1)
  }

  @Test(arguments: ["batch_size: [full, 5]", "precision: [float, double]", "block_size: [1, 2]"])
  func otherObjectivesAreTimedApart(grid: String) throws {
    #expect(Set(try Self.runs(grid).map(ObjectiveKind.init)).count == 2)
  }
}
