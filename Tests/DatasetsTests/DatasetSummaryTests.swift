import LinearAlgebra
import Testing

@testable import Datasets

@Suite struct DatasetSummaryTests {
  private func summary(_ counts: [Int]) -> DatasetSummary {
    DatasetSummary(examples: counts.reduce(0, +), features: 1, outputs: counts.count, classCounts: counts)
  }

  @Test(
    arguments: [
      ([3, 2], []), ([0, 2, 1], ["class 0 has no example"]),
      ([1, 0, 0, 1], ["classes 1 and 2 have no example"]),
      ([0, 0, 4], ["the 4 examples are all of class 2"]),
      ([0, 1], ["the only example is of class 1"]),
      (
        [1] + Array(repeating: 0, count: 40) + [1],
        ["40 of the 42 classes have no example: 1, 2, 3, 4 and others"]
      ),
    ] as [([Int], [String])])
  func classesWithoutExamplesAreNoted(counts: [Int], notes: [String]) {
    #expect(summary(counts).notes == notes)
  }

  @Test func theLineStaysShort() {
    #expect(
      "\(summary([3, 2]))" == "5 examples of 1 feature; 2 classes (examples of each: 0: 3, 1: 2); no test set"
    )
    #expect("\(summary(Array(repeating: 2, count: 1000)))".contains("1000 classes of 2 examples"))
    #expect("\(summary(Array(0..<1000)))".contains("1000 classes of 0 to 999 examples"))
  }

  @Test func valuesThatLookLikeClassesAreTold() {
    func form(_ targets: [Float], count: Int) -> DatasetSummary.ValueForm? {
      let examples = Examples(
        count: count, inputs: Vector<Float>(count: count), targets: Vector(targets))
      return DatasetSummary(Dataset(name: "own", task: .regression, training: examples)).valueForm
    }
    #expect(form([0, 2, 1], count: 3) == .classNumbers)
    #expect(form([0.5, 2, 1], count: 3) == .values)
    #expect(form([1, -1, 1], count: 3) == .signs)
    #expect(form([1, 0, 0, 1], count: 2) == .oneHotRows)
    #expect(form([1, 1, 0, 1], count: 2) == .values)
  }

  @Test(arguments: [LearningTask.classification, .signedClassification])
  func classesAreCounted(task: LearningTask) {
    let targets: [Double] = task == .classification ? [1, 0, 0, 1, 0, 1] : [-1, 1, 1]
    let examples = Examples(count: 3, inputs: Vector<Double>(count: 6), targets: Vector(targets))
    let summary = DatasetSummary(Dataset(name: "own", task: task, training: examples))
    #expect(summary.classCounts == [1, 2])
    #expect(summary.hasClasses)
  }
}
