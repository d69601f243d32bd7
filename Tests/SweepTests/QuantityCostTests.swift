import Learning
import LinearAlgebra
import Testing

@testable import Sweep

/// What a plan expects of quantities against what they take.
@Suite struct QuantityCostTests {
  private func run(_ measure: String...) throws -> RunConfiguration {
    let keys = measure.map { "measure.\($0)" }
    return try JobText.plan(JobText.with("optimizer: {name: adam}", "learning_rate: 0.001"), overrides: keys)
      .runs[0]
  }

  private func expected(_ run: RunConfiguration) throws -> Double {
    let layout = try run.model.makeModel(features: 1, outputs: 1).layout
    return run.expectedProducts(layout: layout, examples: 20)
  }

  private func taken(_ run: RunConfiguration) throws -> Int {
    let data = try run.data.load(as: Float.self)
    return try Trainer(run, data: data, reduction: SoloReduction()).train { _ in }.hessianProducts
  }

  /// Of these the number of products is known beforehand.
  @Test(arguments: ["trace=7", "density_probes=3", "direction=true", "alignments=true", "overlaps=true"])
  func countsAreThoseOfTheRun(_ key: String) throws {
    let (plain, more) = (try run("every=5"), try run("every=5", key, "density_steps=9"))
    let difference = try expected(more) - expected(plain)
    let gradients = key.hasPrefix("direction") ? 0.5 * 2 : 0
    #expect(Int(difference - gradients) == (try taken(more) - taken(plain)))
  }

  @Test func aPartOfTheExamplesCostsItsPart() throws {
    let facts = try DataFacts(run().data)
    let (all, part) = (
      try RunCost(run("every=1"), data: facts), try RunCost(run("every=1", "examples=5"), data: facts)
    )
    #expect(part.operations < all.operations)
  }
}
