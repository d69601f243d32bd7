import Foundation
import JobFixtures
import Testing

@testable import Jobs

@Suite struct RunIdentityTests {
  private func id(_ changes: String..., overrides: [String] = []) throws -> String {
    var text = JobText.with()
    for change in changes { text += change + "\n" }
    return try JobText.plan(text, overrides: overrides).runs[0].id
  }

  @Test func `an id is readable and ends in eight hexadecimal digits`() throws {
    #expect(try id().wholeMatch(of: /gd-lr0\.1-bfull-s0-[0-9a-f]{8}/) != nil)
    let adam = try id(
      overrides: ["optimizer={name: adam}", "learning_rate=1e-4", "batch_size=10", "seed=3"])
    #expect(adam.wholeMatch(of: /adam-lr1e-4-b10-s3-[0-9a-f]{8}/) != nil)
  }

  /// The text that is hashed is part of the file format: if it changes, no finished run is found again.
  ///
  /// The second
  /// value is what `sha256sum` prints for the first.
  @Test func `the hash is SHA-256 of what differs from the defaults`() throws {
    let run = try JobText.plan(JobText.with()).runs[0]
    let text = """
      eos-sweep run 2 {"data":{"name":"chebyshev"},"learning_rate":0.1,"model":{"hidden":[10],"name":"mlp"},\
      "optimizer":{"name":"gd"},"stop":{"steps":10}}
      """
    #expect(RunIdentity.canonicalText(of: run) == text)
    #expect(run.id.hasSuffix("-b3c32528"))
  }

  @Test func `spelling out a default or renaming the sweep changes no id`() throws {
    let plain = try id()
    #expect(try id("seed: 0", "block_size: auto", "measure: {every: 10}", "data.degree: 4") == plain)
    #expect(try id("ranks_per_run: 2", overrides: ["name=other"]) == plain)
    #expect(try id("residual_memory: 0.25") == plain)
    #expect(try id(overrides: ["learning_rate=1.0e-1", "optimizer=gd"]) == plain)
  }

  /// Found by searching: the hashes of these two differ only after the first eight digits.
  @Test func `different runs with one id are an error`() {
    let problems = JobText.problems(JobText.with("grid: [{stop.steps: [99154, 114744]}]"))
    #expect(problems.count == 1)
    #expect(problems.first?.contains("gd-lr0.1-bfull-s0-84deeee6") == true)
    #expect(problems.first?.contains("change the seed") == true)
  }

  @Test(arguments: [
    "seed=1", "block_size=10", "precision=double", "data.degree=5", "model.hidden=[11]", "model.bias=false",
    "stop.steps=11", "stop.train_loss=0.1", "measure.every=11", "measure.top=3", "measure.track=0.5",
    "measure.at=midpoint",
    "measure.cold_every=20", "measure.smallest=true", "keep_weights=final",
    "optimizer={name: heavy-ball}", "batch_size=20",
  ])
  func `every key that can change what is stored changes the id`(override: String) throws {
    #expect(try id(overrides: [override]) != id())
  }

  @Test(arguments: [
    (1.0, "1"), (0.02, "0.02"), (0.001, "0.001"), (1e-4, "1e-4"), (3.16227766017e-5, "3.162e-5"),
    (123.456, "123.5"),
    (2500.0, "2.5e3"), (0.099999, "0.1"), (9.9999, "10"), (1e300, "1e300"), (0.1 + 0.2, "0.3"),
  ])
  func `step sizes are readable in ids`(value: Double, text: String) {
    #expect(RunIdentity.readable(value) == text)
  }

  @Test func `the resolved configuration is JSON with every key of the run`() throws {
    let run = try JobText.plan(JobText.with()).runs[0]
    let object = try JSONSerialization.jsonObject(with: Data(run.configJSON.utf8)) as? [String: Any]
    let json = try #require(object)
    #expect(json["learning_rate"] as? Double == 0.1)
    #expect(json["batch_size"] as? String == "full")
    #expect((json["data"] as? [String: Any])?["points"] as? Int == 20)
    #expect((json["stop"] as? [String: Any])?["train_accuracy"] as? String == "none")
    #expect((json["model"] as? [String: Any])?["hidden"] as? [Int] == [10])
    #expect(json["ranks_per_run"] == nil)
    #expect((json["optimizer"] as? [String: Any])?.keys.sorted() == ["name", "weight_decay"])
  }
}
