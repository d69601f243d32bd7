import JobFixtures
import Problems
import Testing

@testable import Jobs

/// `keep_weights` takes a word, or `{every: n}`.
@Suite struct KeptWeightsKeyTests {
  private func kept(_ value: String) throws -> KeptWeights {
    try JobText.plan(JobText.with("keep_weights: \(value)")).runs[0].keptWeights
  }

  @Test func isReadInAllItsForms() throws {
    #expect(try kept("none") == .none && kept("final") == .final)
    #expect(try kept("{every: 20}") == .every(20) && kept("20") == .every(20))
    #expect(
      try JobText.plan(JobText.with(), overrides: ["keep_weights={every: 5}"]).runs[0].keptWeights
        == .every(5))
    let run = try JobText.plan(JobText.with("keep_weights: {every: 20}")).runs[0]
    #expect(try RunConfiguration(configJSON: run.configJSON, of: "sweep.h5").keptWeights == .every(20))
    let plain = try JobText.plan(JobText.with()).runs[0]
    #expect(
      run.id != plain.id && run.trajectory == plain.trajectory && run.continuation != plain.continuation)
  }

  @Test func mayStandInTheGrid() throws {
    let text = JobText.with("grid: [{keep_weights: [final, {every: 3}]}]")
    #expect(try JobText.plan(text).runs.map(\.keptWeights) == [.final, .every(3)])
  }

  @Test(arguments: [
    "{every: 0}", "{every: two}", "{every: 3, at: midpoint}", "{often: 3}", "0", "-3", "sometimes",
    "{every: }",
  ]) func anythingElseIsRefusedWithARemedy(value: String) throws {
    let error = #expect(throws: JobError.self) { try kept(value) }
    let text = error?.problems.map(\.description).joined() ?? ""
    #expect(text.contains("keep_weights"))
    #expect(text.contains("{every: n}") || text.contains("whole number"), "\(text)")
  }
}
