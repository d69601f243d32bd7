import Testing

@testable import Jobs

@Suite struct SuggestionTests {
  @Test(arguments: [
    ("optmizer", "optimizer", 1), ("a", "", 1), ("same", "same", 0), ("ab", "ba", 1),
    ("kitten", "sitting", 3),
  ])
  func `edits are counted, a swap as one`(first: String, second: String, edits: Int) {
    #expect(Suggestion.distance(first, second) == edits)
    #expect(Suggestion.distance(second, first) == edits)
  }

  @Test func `nothing is suggested for a word that is like no other`() {
    #expect(Suggestion.nearest(to: "zebra", among: ["optimizer", "model"]) == nil)
    #expect(Suggestion.nearest(to: "modle", among: ["optimizer", "model"]) == "model")
  }
}
