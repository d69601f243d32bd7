import Foundation
import HDF5
import JobFixtures
import Testing

@testable import Jobs

@Suite struct WeightsFileTests {
  /// The problems of a job of two runs whose first weights come from a file.
  private func problems(_ write: (String) throws -> Void) throws -> [String] {
    let path = FileManager.default.temporaryDirectory.appending(path: "weights-\(UUID().uuidString).h5").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write(path)
    return JobText.problems(JobText.with("init: {file: '\(path)'}", "grid: [{seed: [1, 2]}]"))
  }

  private func create(_ path: String, _ fill: (borrowing Group) throws -> Void) throws {
    let file = try File(creating: path)
    try fill(file.root)
    try file.close()
  }

  @Test func `weights of the model's size are taken`() throws {
    let problems = try problems { path in
      try create(path) {
        try $0.createDataset("weights", of: Float.self, shape: [1, 31]).write(
          [Float](repeating: 1, count: 31))
      }
    }
    #expect(problems == [])
  }

  @Test func `another number of weights is found by the plan`() throws {
    let problems = try problems { path in
      try create(path) {
        try $0.createDataset("weights", of: Double.self, shape: [7]).write([Double](repeating: 1, count: 7))
      }
    }
    #expect(problems.count == 1)
    #expect(
      problems.first?.contains("holds 7 weights, but the model has 31 parameters") == true, "\(problems)")
    #expect(problems.first?.contains("'init.file'") == true)
  }

  @Test func `a file without weights is found by the plan`() throws {
    let cases: [(sentence: String, fill: (borrowing Group) throws -> Void)] = [
      ("it holds w (float64 of shape [31])", { _ = try $0.createDataset("w", of: Double.self, shape: [31]) }),
      ("has weights as text of shape [1]", { _ = try $0.createStringDataset("weights", shape: [1]) }),
      ("was never written", { _ = try $0.createDataset("weights", of: Double.self, shape: [31]) }),
    ]
    for (sentence, fill) in cases {
      let problems = try problems { try create($0, fill) }
      #expect(problems.count == 1)
      #expect(problems.first?.contains(sentence) == true, "\(problems)")
    }
  }

  @Test func `what is no HDF5 file is found by the plan`() throws {
    let text = try problems { try Data("1 2 3".utf8).write(to: URL(fileURLWithPath: $0)) }
    #expect(text.count == 1 && text[0].contains("is a text file, not an HDF5 file"), "\(text)")
    let directory = try problems {
      try FileManager.default.createDirectory(atPath: $0, withIntermediateDirectories: false)
    }
    #expect(directory.count == 1 && directory[0].contains("is a directory"), "\(directory)")
  }
}
