import JobFixtures
import Learning
import Optimizers
import Probes
import Schema
import Testing

@testable import Jobs

@Suite struct OverrideTests {
  private let grid = """
    grid:
      - optimizer: [gd, {name: heavy-ball, momentum: 0.5}]
        learning_rate: [0.1, 0.2]
      - optimizer.name: nesterov
        optimizer.momentum: [0.3, 0.4]

    """

  private func plan(_ overrides: String...) throws -> SweepPlan {
    try JobText.plan(JobText.with() + grid, overrides: overrides)
  }

  @Test func `an override sets a key that the job does not have`() throws {
    let runs = try plan("seed=7", "measure.every=never").runs
    #expect(runs.count == 6)
    #expect(runs.allSatisfy { $0.seed == 7 && $0.measure.every == nil })
  }

  @Test func `an override replaces the axis of the grid`() throws {
    let runs = try plan("learning_rate=0.5").runs
    #expect(runs.map(\.learningRate) == [0.5, 0.5, 0.5, 0.5])
    #expect(Set(runs.map(\.id)).count == 4)
  }

  @Test func `an override of a section replaces all of it everywhere`() throws {
    let plan = try plan("optimizer={name: adam, beta1: 0.8}")
    #expect(
      plan.runs.map(\.optimizer) == Array(repeating: OptimizerConfiguration("adam", [.beta1: 0.8]), count: 2))
    #expect(plan.notes.count == 1)
  }

  @Test func `an override reaches into the maps of an axis`() throws {
    let text = JobText.with("model: {name: mlp}", "grid: [{model: [mlp, {name: mlp, bias: false}]}]")
    let runs = try JobText.plan(text, overrides: ["model.hidden=[4, 5]"]).runs
    #expect(
      runs.map(\.model) == [
        .mlp(MLPConfiguration(hidden: [4, 5])), .mlp(MLPConfiguration(hidden: [4, 5], bias: false)),
      ])
  }

  @Test func `overrides apply in order, and the grid itself can be set`() throws {
    let runs = try plan("grid=[{seed: [1, 2, 3]}]", "learning_rate=0.7", "learning_rate=0.8").runs
    #expect(runs.map(\.seed) == [1, 2, 3])
    #expect(runs.allSatisfy { $0.learningRate == 0.8 })
  }

  @Test func `the stored text gives the same runs without overrides`() throws {
    let plan = try plan("learning_rate=0.5", "model.hidden=[3, 4]", "name=other", "measure.every=never")
    let again = try JobText.plan(plan.yaml)
    #expect(again.runs.map(\.id) == plan.runs.map(\.id))
    #expect(again.name == "other")
  }

  @Test func `without overrides the text is stored as it was written`() throws {
    let text = "# why\n" + JobText.with()
    #expect(try JobText.plan(text).yaml == text)
  }

  @Test func `a list replaces the axis of the grid where it stands, or becomes one of every block`() throws {
    #expect(try plan("learning_rate=[0.3, 0.4, 0.5]").runs.map(\.learningRate).prefix(3) == [0.3, 0.4, 0.5])
    #expect(try plan("learning_rate=[0.3, 0.4]").runs.count == 8)
    #expect(try plan("seed={range: [0, 2]}").runs.count == 18)
    #expect(
      try plan("optimizer=[gd, adam]").runs.map(\.optimizer.name) == [
        "gd", "gd", "adam", "adam",
      ])
    let single = try JobText.plan(JobText.with(), overrides: ["seed=[3, 4]", "model.hidden=[[3], [4, 5]]"])
    #expect(single.runs.map(\.seed) == [3, 3, 4, 4])
    #expect(try JobText.plan(single.yaml).runs.map(\.id) == single.runs.map(\.id))
  }

  @Test func `nothing that was typed is dropped without a word`() throws {
    func problems(_ overrides: String...) -> [String] {
      JobText.problems(JobText.with(), overrides: overrides)
    }
    let lost = problems("optimizer.beta1=0.8", "optimizer=adam")
    #expect(lost.count == 1)
    #expect(
      lost.first?.hasPrefix("--set optimizer.beta1=0.8: key 'optimizer.beta1': it has no effect") == true)
    #expect(lost.first?.contains("the later --set optimizer=adam") == true)
    #expect(problems("optimizer=adam", "optimizer.beta1=0.8") == [])
    #expect(problems("optimizer.beta1=7", "optimizer=adam").first?.contains("7 is out of range") == true)
    #expect(problems("learning_rate=-1", "learning_rate=1").first?.contains("-1 is out of range") == true)
    #expect(problems("optimizer=adam", "optimizer.beta1=0.8", "grid=[{optimizer: gd}]").count == 1)
    #expect(
      problems("stop={steps: 3, train_loss: 1}", "stop={steps: 4}").first?.contains("stop.train_loss") == true
    )
    let hidden = try JobText.plan(
      JobText.with(), overrides: ["learning_rate=0.5", "grid=[{learning_rate: [1, 2]}]"])
    #expect(hidden.notes.count == 1)
    let plan = try JobText.plan(JobText.with(), overrides: ["seed=3", "seed=4"])
    #expect(plan.runs.map(\.seed) == [4])
    #expect(plan.notes == ["--set seed=3: seed has no effect, because the later --set seed=4 replaces it."])
  }

  @Test(arguments: [
    ("optmizer.name=gd", ["'optmizer.name'", "did you mean 'optimizer'"]),
    ("momentum=0.9", ["'momentum'", "did you mean 'optimizer.momentum'"]),
    ("seed", ["not of the form key=value", "write --set"]),
    ("=3", ["not of the form key=value", "write --set"]),
    ("seed=", ["'seed'", "no value"]),
    ("seed=x", ["'seed'", "'x' is not a whole number"]),
    ("name=[a, b]", ["'name'", "a list where a text belongs"]),
    ("seed: 3", ["not of the form key=value", "write --set 'seed=3'"]),
    ("+measure.top=3", ["'+measure.top'", "did you mean 'measure.top'?", "without '+'"]),
    ("++lr=3", ["'++lr'", "did you mean 'learning_rate'?", "without '+'"]),
    ("seed=range(0,3)", ["'seed'", "--set 'seed={range: [0, 2]}'"]),
    ("learning_rate=0.1,0.2", ["'learning_rate'", "--set 'learning_rate=[0.1, 0.2]'"]),
    ("learning_rate=choice(0.1,0.2)", ["'learning_rate'", "--set 'learning_rate=[0.1, 0.2]'"]),
    ("optimizer.name=choice(gd, adam)", ["--set 'optimizer.name=[gd, adam]'"]),
    ("optim.lr=3", ["did you mean 'learning_rate'?"]),
    ("seed=[1", ["not valid YAML", "brackets"]),
    ("learning_rate=-1", ["'learning_rate'", "out of range", "greater than 0"]),
    ("optimizer.momentum=0.9", ["'optimizer.momentum'", "does not belong to gd"]),
  ])
  func `a bad override is named as it was typed`(override: String, expected: [String]) {
    let problems = JobText.problems(JobText.with(), overrides: [override])
    #expect(problems.count == 1, "\(problems)")
    #expect(problems.first?.hasPrefix("--set \(override): ") == true, "\(problems)")
    for fragment in expected {
      #expect(problems.first?.contains(fragment) == true, "\(fragment) is not in: \(problems)")
    }
  }
}
