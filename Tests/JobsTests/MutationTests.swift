import JobFixtures
import Schema
import Testing
import TestSupport

@testable import Jobs

@Suite struct MutationTests {
  /// Texts that are often special somewhere.
  private static let pieces = [
    "", "\n", " ", "\t", ":", "- ", "[", "]", "{", "}", ",", "'", "\"", "&a ", "*a", "!", "#", "|", ">", "%",
    "@", "`", "?",
    "~", "null", ".nan", "-", "+", "0", "9223372036854775808", "-1", "1e9999", "\u{e9}", "\u{1F600}", "\u{0}",
    "name", "grid",
  ]

  @Test(arguments: 0..<20) func `a damaged job is refused or planned, never a crash`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let job = JobText.with(
      "grid:\n  - optimizer: [gd, {name: adam, beta1: 0.8}]\n    seed: [0, 1]\n    stop: {steps: 4}")
    for _ in 0..<40 {
      var text = Array(job.unicodeScalars)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let start = Int.random(in: 0..<text.count, using: &random)
        let end = min(text.count, start + Int.random(in: 0...3, using: &random))
        let piece = Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)]
        text.replaceSubrange(start..<end, with: piece.unicodeScalars)
      }
      var damaged = String.UnicodeScalarView()
      damaged.append(contentsOf: text)
      for problem in JobText.problems(String(damaged)) {
        #expect(problem.contains("; "), "Seed \(seed): \(problem) has no remedy.")
      }
    }
  }

  /// Words that a user may put into `--set`.
  private static let words =
    Array(Synonyms.keys.keys) + KeyRegistry.keys.map(\.path) + KeyRegistry.sections + [
      "grid", "", "+seed", "a.b.c",
    ]

  private static let values = [
    "3", "0.1", "-1", "1e999", "[1, 2]", "[[3], [4, 5]]", "{range: [0, 2]}", "{values: [1]}",
    "{min: 1, max: 2}", "gd",
    "adam", "{name: adam, beta1: 0.5}", "none", "full", "True", "yes", "null", "~", "", "'", "[", "1,000",
    "range(0,3)",
    "choice(a,b)", "(10,10)", "\u{A0}3", "\u{661}", "a\nb", "\u{2028}", "[{seed: [1, 2]}]", "[{lr: 1}]",
    "&a 1", "!x 1",
  ]

  @Test(arguments: 0..<20) func `lists of overrides are refused or planned, never a crash`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let job = JobText.with("grid:\n  - optimizer: [gd, {name: adam, beta1: 0.8}]\n    seed: [0, 1]")
    for _ in 0..<60 {
      let overrides = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        let key = Self.words.randomElement(using: &random) ?? ""
        let equals = Int.random(in: 0..<20, using: &random) == 0 ? "" : "="
        return key + equals + (Self.values.randomElement(using: &random) ?? "")
      }
      for problem in JobText.problems(job, overrides: overrides) {
        #expect(problem.contains("; ") && !problem.contains { $0.isNewline }, "\(overrides): \(problem)")
        #expect(problem.hasPrefix("--set ") || problem.hasPrefix("job.yaml"), "\(overrides): \(problem)")
      }
    }
  }
}
