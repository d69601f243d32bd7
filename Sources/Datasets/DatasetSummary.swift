public import LinearAlgebra

/// What a dataset is, in numbers: what a user wants to see of it before anything is trained.
public struct DatasetSummary: Hashable, Sendable {
  /// What values to regress look like, where they may be meant as classes.
  public enum ValueForm: Hashable, Sendable {
    /// Numbers like any others.
    case values
    /// Whole numbers from 0 on, one per example.
    case classNumbers
    /// Each row is 1 in one place and 0 elsewhere.
    case oneHotRows
    /// -1 and +1, one per example.
    case signs
  }

  /// The number of training examples.
  public let examples: Int
  /// The length of an input.
  public let features: Int
  /// The length of a target.
  public let outputs: Int
  /// The shape of an input, where it is an image.
  public let image: ImageShape?
  /// Training examples of every class; empty where the targets are values.
  public let classCounts: [Int]
  /// What values to regress look like; nil where the targets are classes.
  public let valueForm: ValueForm?
  /// The number of test examples; 0 where there is no test set.
  public let testExamples: Int
  /// What a user should know of the data, in sentences without a full stop.
  public let notes: [String]

  /// Describes data by its numbers; pass class counts where targets are classes, and no value form.
  public init(
    examples: Int, features: Int, outputs: Int, image: ImageShape? = nil, classCounts: [Int] = [],
    valueForm: ValueForm? = nil, testExamples: Int = 0, notes: [String] = []
  ) {
    self.examples = examples
    self.features = features
    self.outputs = outputs
    self.image = image
    self.classCounts = classCounts
    self.valueForm = valueForm
    self.testExamples = testExamples
    self.notes = notes + Self.notesOnClasses(classCounts)
  }

  /// Describes data that has been read or made.
  public init<Scalar: RealScalar>(_ dataset: Dataset<Scalar>) {
    let training = dataset.training
    self.init(
      examples: training.count, features: training.features, outputs: training.outputs, image: dataset.image,
      classCounts: training.classCounts(dataset.task),
      valueForm: dataset.task == .regression ? training.valueForm : nil,
      testExamples: dataset.test?.count ?? 0, notes: dataset.notes)
  }

  /// Whether the targets are classes.
  public var hasClasses: Bool { valueForm == nil }

  private static func notesOnClasses(_ counts: [Int]) -> [String] {
    let empty = counts.indices.filter { counts[$0] == 0 }
    guard !empty.isEmpty else { return [] }
    let total = counts.reduce(0, +)
    if empty.count == counts.count - 1, let only = counts.firstIndex(where: { $0 > 0 }) {
      return ["\(total == 1 ? "the only example is" : "the \(total) examples are all") of class \(only)"]
    }
    if empty.count == 1 { return ["class \(empty[0]) has no example"] }
    if empty.count > 8 {
      let first = empty.prefix(4).map(String.init).joined(separator: ", ")
      return ["\(empty.count) of the \(counts.count) classes have no example: \(first) and others"]
    }
    let first = empty.dropLast().map(String.init).joined(separator: ", ")
    return ["classes \(first) and \(empty[empty.count - 1]) have no example"]
  }
}

extension DatasetSummary: CustomStringConvertible {
  /// One line, however many classes there are.
  public var description: String {
    let size = "\(counted(examples, "example")) of \(counted(features, "feature"))"
    let images = image.map { ", images of \($0): \($0.words)" } ?? ""
    let test = testExamples == 0 ? "no test set" : "test set of \(counted(testExamples, "example"))"
    return "\(size)\(images); \(targets); \(test)"
  }

  private var targets: String {
    guard hasClasses else { return "\(counted(outputs, "value")) to regress" }
    let classes = counted(classCounts.count, "class")
    let least = classCounts.min() ?? 0
    let most = classCounts.max() ?? 0
    if least == most { return "\(classes) of \(counted(most, "example"))" }
    if classCounts.count > 12 { return "\(classes) of \(least) to \(most) examples" }
    let counts = classCounts.enumerated().map { "\($0): \($1)" }.joined(separator: ", ")
    return "\(classes) (examples of each: \(counts))"
  }
}

extension Examples {
  /// Examples of every class; empty where the targets are values.
  fileprivate func classCounts(_ task: LearningTask) -> [Int] {
    switch task {
    case .regression: return []
    case .signedClassification:
      let positive = (0..<count).count { targets[$0] > 0 }
      return [count - positive, positive]
    case .classification:
      var counts = [Int](repeating: 0, count: outputs)
      targets.withSpan { targets in
        for index in targets.indices where targets[index] == 1 { counts[index % outputs] += 1 }
      }
      return counts
    }
  }

  fileprivate var valueForm: DatasetSummary.ValueForm {
    if outputs > 1 {
      return isOneHot(targets.count, width: outputs) { Double(targets[$0]) } ? .oneHotRows : .values
    }
    if (0..<count).allSatisfy({ abs(targets[$0]) == 1 }), (0..<count).contains(where: { targets[$0] < 0 }) {
      return .signs
    }
    let areWhole = (0..<count).allSatisfy { targets[$0] >= 0 && targets[$0].rounded() == targets[$0] }
    return areWhole ? .classNumbers : .values
  }
}
