import JobFixtures
import Jobs
import Learning
import LinearAlgebra
import Schema
import Testing

@testable import Training

/// What a plan expects of quantities against what they take.
@Suite struct QuantityCostTests {
  private func run(_ measure: String..., optimizer: String = "adam") throws -> RunConfiguration {
    let keys = measure.map { "measure.\($0)" }
    let text = JobText.with("optimizer: \(optimizer)", "learning_rate: 0.001")
    return try JobText.plan(text, overrides: keys).runs[0]
  }

  private func expected(_ run: RunConfiguration) throws -> Double {
    let layout = try run.model.makeModel(features: 1, outputs: 1).layout
    return run.expectedProducts(layout: layout, examples: 20)
  }

  private func taken(_ run: RunConfiguration) throws -> Int {
    try Trained(run).recording.hessianProducts
  }

  /// Of these the number of products is known beforehand.
  @Test(arguments: ["trace=7", "density_probes=3", "direction=true", "alignments=true", "overlaps=true"])
  func countsAreThoseOfTheRun(_ key: String) throws {
    let (plain, more) = (try run("every=5"), try run("every=5", key, "density_steps=9"))
    let difference = try expected(more) - expected(plain)
    let gradients = key.hasPrefix("direction") ? 0.5 * 2 : 0
    #expect(Int(difference - gradients) == (try taken(more) - taken(plain)))
  }

  /// Searches differ, so the number of their products is known only more or less.
  @Test(arguments: [1, 2, 6], ["adam", "gd"])
  func searchesTakeAboutWhatIsExpected(top: Int, optimizer: String) throws {
    let run = try run("every=2", "top=\(top)", "smallest=true", optimizer: optimizer)
    let ratio = Double(try taken(run)) / (try expected(run))
    #expect((0.6...1.6).contains(ratio), "\(ratio)")
  }

  /// With coupled weight decay alone there is one spectrum, as expected.
  @Test func decayedSpectraCountOnce() throws {
    let gd = "{name: gd, weight_decay: 0.1}"
    let (plain, more) = (try run("every=5", optimizer: gd), try run("every=5", "trace=100", optimizer: gd))
    #expect(Int(try expected(more) - expected(plain)) == (try taken(more) - taken(plain)))
  }

  @Test func aPartOfTheExamplesCostsItsPart() throws {
    let facts = try DataFacts(run().data)
    let model = try run().model.makeModel(features: 1, outputs: 1)
    let (all, part) = (
      RunCost(try run("every=1"), of: model, data: facts),
      RunCost(try run("every=1", "examples=5"), of: model, data: facts)
    )
    #expect(part.operations < all.operations)
  }
}
