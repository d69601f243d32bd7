import HDF5
package import LinearAlgebra
package import Problems
package import Schema

/// The user's own arrays: datasets `x` and `y`, and optionally `x_test` and `y_test`, in one HDF5 file.
///
/// The first axis of each counts examples; further axes of `x` are flattened, and three of them are the channels, rows
/// and columns of an image. Integer `y` of shape [n] or [n, 1] holds classes from 0; floating-point `y` of shape [n] or
/// [n, k] holds values to regress.
public struct HDF5Data: Sendable, Hashable {
  /// The file; required.
  public var path: String
  /// The number of training examples, 1 or more, the first ones; nil (the default) for all.
  public var examples: Int?
  /// How integer classes become targets.
  public var targets: TargetEncoding
  /// Channels, rows and columns of an input that is an image; empty (the default) for the axes of `x`, if there are four.
  public var image: [Int]

  /// Creates the configuration.
  public init(
    path: String, examples: Int? = nil, targets: TargetEncoding = .oneHot, image: [Int] = []
  ) {
    self.path = path
    self.examples = examples
    self.targets = targets
    self.image = image
  }
}

extension HDF5Data: DataSource {
  package static let name = "hdf5"
  package static let standard = HDF5Data(path: "")

  package static let bindings: [Binding<HDF5Data>] =
    [
      Binding(\.path, DataKeys.path, isRequired: true),
      Binding(\.examples, DataKeys.examples),
      Binding(\.targets, DataKeys.targets),
      Binding(
        \.image,
        Key(
          "data.image", .integers(1...1_000_000),
          about:
            "Channels, rows and columns of an input that is an image; []: as the axes of `x` say, if there are four."
        )),
    ]

  package var file: String? { path }

  package func load<Scalar: RealScalar>(as scalar: Scalar.Type) throws(Problem) -> Dataset<Scalar> {
    let source = DataFile(key: "data.path", path: path)
    let file = try source.openHDF5()
    var reading = HDF5Reading(data: self, file: source)
    return try reading.dataset(file.root)
  }
}

/// Reads one file, and collects what is worth a note.
private struct HDF5Reading {
  let data: HDF5Data
  let file: DataFile
  var notes: [String] = []

  init(data: HDF5Data, file: DataFile) {
    self.data = data
    self.file = file
  }

  mutating func dataset<Scalar: RealScalar>(_ root: borrowing Group) throws(Problem) -> Dataset<Scalar> {
    let inputs = try array("x", root)
    let targets = try array("y", root)
    let labels = try labels(targets, root)
    try checkRows(inputs, targets)
    let count = data.examples ?? inputs.count
    try Problem.require(
      (1...inputs.count).contains(count), "data.examples",
      "is \(count), but \(file.path) has \(inputs.count)",
      remedy: "give a number from 1 to \(inputs.count)")
    let classes = labels.map { ($0.max() ?? 0) + 1 }
    if let labels { try checkClasses(labels, count: count) }
    let training: Examples<Scalar> = try examples(
      root, inputs, targets, labels: labels, classes: classes, count: count)
    let test: Examples<Scalar>? = try testExamples(root, inputs, targets, classes: classes)
    let image = try imageShape(inputs)
    return Dataset(
      name: "hdf5", task: labels == nil ? .regression : LearningTask(data.targets), image: image,
      training: training, test: test, notes: notes)
  }

  private func array(_ name: String, _ root: borrowing Group) throws(Problem) -> StoredArray {
    let remedy =
      name.hasSuffix("_test")
      ? "write both x_test and y_test, or neither" : "write inputs as x and targets as y"
    let array = try StoredArray(name, in: root, of: file, remedy: remedy)
    guard array.width > 0 else {
      throw file.problem(
        "has \(name) as \(array.summary), rows of length 0", remedy: "write one number per row or more")
    }
    return array
  }

  /// The classes, where the targets are whole numbers.
  private mutating func labels(_ targets: StoredArray, _ root: borrowing Group) throws(Problem) -> [Int]? {
    guard targets.type.isInteger else { return nil }
    return try targets.labels(root, notes: &notes)
  }

  // MARK: - Checks

  private func checkRows(_ inputs: StoredArray, _ targets: StoredArray) throws(Problem) {
    guard inputs.count != targets.count || inputs.count == 0 else { return }
    let isReversed = inputs.count > 0 && inputs.shape.last == targets.shape.max()
    throw file.problem(
      "has \(inputs.count) rows in \(inputs.name) and \(targets.count) in \(targets.name)",
      remedy: isReversed
        ? StoredArray.reversedAxes + " write \(inputs.name) as [n, ...] and \(targets.name) as [n]"
        : "give as many targets as inputs, at least one")
  }

  private mutating func checkClasses(_ labels: [Int], count: Int) throws(Problem) {
    guard labels.contains(where: { $0 != 0 }) else {
      throw file.problem(
        "holds one class only in y: all are 0",
        remedy: "give two classes or more, or numbers of a floating-point type to regress")
    }
    let classes = (labels.max() ?? 0) + 1
    if classes > 20 {
      notes.append(
        "the integers y are taken for \(classes) classes; values to regress are floating-point numbers")
    }
    if Set(labels.prefix(count)).count < Set(labels).count {
      notes.append(
        "the first \(count) rows lack classes that come later in y; shuffle the rows where 'examples' takes a part"
      )
    }
  }

  // MARK: - Examples

  private mutating func examples<Scalar: RealScalar>(
    _ root: borrowing Group, _ inputs: StoredArray, _ targets: StoredArray, labels: [Int]?, classes: Int?,
    count: Int
  ) throws(Problem) -> Examples<Scalar> {
    let values: Vector<Scalar> = try inputs.read(root, count: count, notes: &notes)
    guard let labels, let classes else {
      let wanted: Vector<Scalar> = try targets.read(root, count: count, notes: &notes)
      return Examples(count: count, inputs: values, targets: wanted)
    }
    let encoded = try data.targets.targets(of: Array(labels.prefix(count)), classes: classes, as: Scalar.self)
    return Examples(count: count, inputs: values, targets: encoded)
  }

  private mutating func testExamples<Scalar: RealScalar>(
    _ root: borrowing Group, _ trainingInputs: StoredArray, _ trainingTargets: StoredArray, classes: Int?
  ) throws(Problem) -> Examples<Scalar>? {
    let isThere = try file.reading { () throws(HDF5Error) in
      let hasInputs = try root.contains("x_test")
      return try hasInputs ? true : root.contains("y_test")
    }
    guard isThere else { return nil }
    let inputs = try array("x_test", root)
    let targets = try array("y_test", root)
    try checkAlike(inputs, trainingInputs)
    guard targets.type.isInteger == trainingTargets.type.isInteger else {
      throw file.problem(
        "has y_test as \(targets.summary), but y as \(trainingTargets.summary)",
        remedy: "write integers in both for classes, or floating-point numbers in both for values")
    }
    let labels = try labels(targets, root)
    if labels == nil { try checkAlike(targets, trainingTargets) }
    try checkRows(inputs, targets)
    if let classes, let wrong = labels?.first(where: { $0 >= classes }) {
      throw file.problem(
        "has the class \(wrong) in y_test, but y only classes up to \(classes - 1)",
        remedy: "leave such rows out of x_test and y_test, or give y some of them")
    }
    return try examples(root, inputs, targets, labels: labels, classes: classes, count: inputs.count)
  }

  /// Rows of a test set have the axes of the training rows; axes of one element do not count.
  private func checkAlike(_ test: StoredArray, _ training: StoredArray) throws(Problem) {
    func axes(_ array: StoredArray) -> [Int] { array.shape.dropFirst().filter { $0 != 1 } }
    guard axes(test) != axes(training) else { return }
    throw file.problem(
      "has \(test.name) as \(test.summary), but \(training.name) as \(training.summary)",
      remedy: "give the rows of both the same axes")
  }

  // MARK: - Images

  /// The shape that the key gives, or the axes of the inputs.
  private mutating func imageShape(_ inputs: StoredArray) throws(Problem) -> ImageShape? {
    let axes = inputs.shape.count == 4 ? Array(inputs.shape.dropFirst()) : []
    let key = data.image
    guard !key.isEmpty || !axes.isEmpty else { return nil }
    try Problem.require(
      key.isEmpty || key.count == 3 && key.saturatingProduct == inputs.width, "data.image",
      "is \(key), but the rows of x in \(file.path) have \(inputs.width) numbers",
      remedy: "give channels, rows and columns whose product is \(inputs.width)")
    let shape = key.isEmpty ? axes : key
    if !key.isEmpty, !axes.isEmpty, key != axes {
      notes.append("data.image, \(key.timesText), takes the place of the axes of x, \(axes.timesText)")
    }
    let image = ImageShape(channels: shape[0], height: shape[1], width: shape[2])
    if image.mayHaveChannelsLast {
      notes.append(
        "images of \(image) are read as \(image.words); where channels come last in x, "
          + "write x.transpose(0, 3, 1, 2)")
    }
    return image
  }
}
