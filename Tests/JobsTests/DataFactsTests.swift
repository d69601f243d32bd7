import Foundation
import JobFixtures
import Testing

@testable import Jobs

@Suite struct DataFactsTests {
  private let record = 1 + 3072

  private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "facts-\(UUID().uuidString).bin")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    try body(file.path)
  }

  private func problems(_ path: String, _ keys: String) -> [String] {
    JobText.problems(JobText.with("data: {name: cifar10, path: '\(path)'\(keys)}", "batch_size: 3"))
  }

  private var threeRecords: [UInt8] {
    (0..<3).flatMap { label in [UInt8(label)] + Array(repeating: UInt8(50 * label), count: 3072) }
  }

  @Test func `the size of a file's data is known to the plan`() throws {
    try withFile(threeRecords) { path in
      let plan = try JobText.plan(JobText.with("data: {name: cifar10, path: '\(path)'}", "batch_size: 3"))
      let facts = try #require(plan.dataFacts[plan.runs[0].data])
      #expect((facts.examples, facts.features, facts.outputs) == (3, 3072, 10))
      #expect(facts.hasClasses)
    }
  }

  @Test func `truncated files and too large demands are found before anything runs`() throws {
    try withFile(threeRecords) { path in
      #expect(problems(path, "") == [])
      #expect(problems(path, ", examples: 4").first?.contains("'data.examples': is 4") == true)
      #expect(problems(path, ", examples: 2").first?.contains("'batch_size': a batch of 3 is larger") == true)
      #expect(problems(path, ", classes: 11").first?.contains("'data.classes': is 11") == true)
      #expect(problems(path, ", targets: signed").first?.contains("'data.targets'") == true)
      #expect(problems(path, ", test: nowhere").first?.contains("nowhere does not exist") == true)
    }
    try withFile(threeRecords.dropLast()) { path in
      #expect(problems(path, "").first?.contains("not a whole number of CIFAR-10 records") == true)
    }
    try withFile([]) { path in #expect(problems(path, "").count == 1) }
    try withFile([255] + threeRecords.dropFirst()) { path in
      #expect(problems(path, "").first?.contains("label 255") == true)
    }
  }

  @Test func `images too small for a network are found before anything runs`() throws {
    func problems(_ path: String, _ model: String) -> [String] {
      JobText.problems(
        JobText.with("data: {name: cifar10, path: '\(path)'}", "model: {name: cnn\(model)}"))
    }
    try withFile(threeRecords) { path in
      #expect(problems(path, "") == [])
      #expect(problems(path, ", channels: [1, 1, 1, 1, 1]") == [])
      #expect(problems(path, ", channels: [1, 1, 1, 1, 1, 1]").first?.contains("'model.channels'") == true)
      #expect(problems(path, ", kernel: 35").first?.contains("'model.kernel'") == true)
    }
  }

  @Test func `blocks suit the network unless the job names their size`() throws {
    try withFile(threeRecords) { path in
      let job = JobText.with(
        "data: {name: cifar10, path: '\(path)'}",
        "grid: [{model: [{name: mlp}, {name: cnn}], block_size: [auto, 7]}]")
      let runs = try JobText.plan(job.replacing("model: {name: mlp, hidden: [10]}\n", with: "")).runs
      #expect(runs.map(\.blockSize) == [250, 7, 25, 7])
    }
  }
}
