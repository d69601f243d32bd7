import TestSupport
import Testing

@testable import Sweep

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
}
