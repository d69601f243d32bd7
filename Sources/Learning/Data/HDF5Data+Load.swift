import Foundation
import HDF5
import LinearAlgebra
import Problems

extension HDF5Data {
  func load<Scalar: RealScalar>(as scalar: Scalar.Type) throws(Problem) -> Dataset<Scalar> {
    guard FileManager.default.fileExists(atPath: path) else {
      throw Problem(path, "does not exist", remedy: "correct data.path")
    }
    do {
      let file = try File(opening: path)
      return try dataset(file.root)
    } catch let error as Problem {
      throw error
    } catch {
      throw Problem(path, "cannot be read (\(error))", remedy: "check that it is a complete HDF5 file")
    }
  }

  private func dataset<Scalar: RealScalar>(_ root: borrowing Group) throws -> Dataset<Scalar> {
    let inputs = try HDF5Rows(root, "x", path: path)
    let targets = try HDF5Rows(root, "y", path: path)
    let labels = try targets.labels(root)
    let classes = labels.map { ($0.max() ?? 0) + 1 }
    guard classes != 1 || labels?.isEmpty != false else {
      throw Problem(
        path, "holds one class only in y: all are 0",
        remedy: "give two classes or more, or numbers of a floating-point type to regress")
    }
    let training: Examples<Scalar> = try examples(
      root, inputs, targets, labels: labels, classes: classes, count: examples ?? inputs.count)
    var test: Examples<Scalar>?
    if try root.contains("x_test") {
      let inputs = try HDF5Rows(root, "x_test", path: path)
      let targets = try HDF5Rows(root, "y_test", path: path)
      test = try examples(
        root, inputs, targets, labels: targets.labels(root), classes: classes, count: inputs.count)
      try check(training, test)
    }
    let task = labels == nil ? LearningTask.regression : LearningTask(self.targets)
    return Dataset(
      name: "hdf5", task: task, image: try imageShape(inputs), training: training, test: test)
  }

  /// The shape that the key gives, or the axes of the inputs.
  private func imageShape(_ inputs: HDF5Rows) throws(Problem) -> ImageShape? {
    guard !image.isEmpty else { return inputs.imageShape }
    try Problem.require(
      image.count == 3 && image.saturatingProduct == inputs.width, "data.image",
      "is \(image), but the rows of x in \(path) have \(inputs.width) numbers",
      remedy: "give channels, rows and columns whose product is \(inputs.width)")
    return ImageShape(channels: image[0], height: image[1], width: image[2])
  }

  private func examples<Scalar: RealScalar>(
    _ root: borrowing Group, _ inputs: HDF5Rows, _ targets: HDF5Rows, labels: [Int]?, classes: Int?,
    count: Int
  ) throws -> Examples<Scalar> {
    guard inputs.count == targets.count, inputs.count > 0 else {
      throw Problem(
        path, "has \(inputs.count) rows in \(inputs.name) and \(targets.count) in \(targets.name)",
        remedy: "give as many targets as inputs, at least one")
    }
    try Problem.require(
      (1...inputs.count).contains(count), "data.examples", "is \(count), but \(path) has \(inputs.count)",
      remedy: "give a number from 1 to \(inputs.count)")
    guard (labels == nil) == (classes == nil),
      labels?.allSatisfy({ (0..<(classes ?? 0)).contains($0) }) ?? true
    else {
      throw Problem(
        path, "has other classes in \(targets.name) than in y", remedy: "number classes from 0 in both")
    }
    let values: Vector<Scalar> = try inputs.read(root, count: count)
    guard let labels, let classes else {
      return Examples(count: count, inputs: values, targets: try targets.read(root, count: count))
    }
    let encoded = try self.targets.targets(of: Array(labels.prefix(count)), classes: classes, as: Scalar.self)
    return Examples(count: count, inputs: values, targets: encoded)
  }

  private func check<Scalar>(_ training: Examples<Scalar>, _ test: Examples<Scalar>?) throws {
    guard let test, (test.features, test.outputs) != (training.features, training.outputs) else { return }
    throw Problem(
      path, "has test rows of another length than its training rows", remedy: "give rows of one length")
  }
}

/// A dataset whose first axis counts examples.
private struct HDF5Rows {
  let name: String
  let path: String
  let shape: [Int]
  let elementType: ElementType

  /// Classes from this one on are taken for a slip.
  private static let maximumClasses = 100_000

  var count: Int { shape[0] }
  /// The length of a row.
  var width: Int { shape.dropFirst().saturatingProduct }

  /// The shape of a row with axes for channels, rows and columns.
  var imageShape: ImageShape? {
    guard shape.count == 4 else { return nil }
    return ImageShape(channels: shape[1], height: shape[2], width: shape[3])
  }

  init(_ root: borrowing Group, _ name: String, path: String) throws {
    guard try root.contains(name) else {
      throw Problem(path, "has no dataset \(name)", remedy: "write inputs as x and targets as y")
    }
    let dataset = try root.openDataset(name)
    self.name = name
    self.path = path
    shape = try dataset.shape
    elementType = try dataset.elementType
    guard !shape.isEmpty, ![.string, .other].contains(elementType) else {
      throw Problem(
        path, "has no numbers along a first axis in \(name)",
        remedy: "write float32, float64, int8, uint8, int32 or int64, one row per example")
    }
    guard width > 0 else {
      throw Problem(path, "has rows of length 0 in \(name)", remedy: "write one number per row or more")
    }
  }

  /// The classes, where this is a list of integers.
  func labels(_ root: borrowing Group) throws -> [Int]? {
    guard shape.count == 1, ![.float, .double].contains(elementType) else { return nil }
    try Problem.requireRoom(count, by: 1, path, name)
    let labels = try root.openDataset(name).read(Int64.self).map { Int($0) }
    if let wrong = labels.first(where: { !(0..<Self.maximumClasses).contains($0) }) {
      throw Problem(
        path, "has the class \(wrong) in \(name)",
        remedy: "number classes from 0 on, to \(Self.maximumClasses - 1) at most")
    }
    return labels
  }

  /// The first rows, flattened; read in pieces, so that the file's number format takes little room.
  func read<Scalar: RealScalar>(_ root: borrowing Group, count: Int) throws -> Vector<Scalar> {
    let dataset = try root.openDataset(name)
    try Problem.requireRoom(count, by: width, path, name)
    let rowsAtOnce = max(1, 1_000_000 / width)
    let values = Vector<Scalar>(count: count * width)
    for first in stride(from: 0, to: count, by: rowsAtOnce) {
      let rows = min(rowsAtOnce, count - first)
      let piece = try dataset.read(
        Double.self,
        in: Hyperslab(start: [first] + shape.dropFirst().map { _ in 0 }, count: [rows] + shape.dropFirst()))
      for (index, value) in piece.enumerated() {
        guard value.isFinite else {
          throw Problem(
            path, "holds \(value) in row \(first + index / width) of \(name)",
            remedy: "give finite numbers only")
        }
        values[first * width + index] = Scalar(value)
      }
    }
    return values
  }
}
