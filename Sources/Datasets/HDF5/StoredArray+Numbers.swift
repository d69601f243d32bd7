import HDF5
import LinearAlgebra
import Problems

extension StoredArray {
  /// Rows are read in pieces of so many numbers, so that the file's number format takes little room.
  private static let numbersAtOnce = 1_000_000

  /// The first rows, flattened, in the number format of the run.
  ///
  /// - Throws: a problem where a number is not finite, or is not in that format.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func read<Scalar: RealScalar>(
    _ root: borrowing Group, count: Int, notes: inout [String], as scalar: Scalar.Type = Scalar.self
  ) throws(Problem) -> Vector<Scalar> {
    try Problem.requireRoom(count, by: width, file.key, "\(name) in \(file.path)")
    let rowsAtOnce = max(1, Self.numbersAtOnce / width)
    let values = Vector<Scalar>(count: count * width)
    var survey = NumberSurvey(marks: try missingMarks(root))
    for first in stride(from: 0, to: count, by: rowsAtOnce) {
      let rows = first..<first + min(rowsAtOnce, count - first)
      let numbers = try read(root, rows)
      for row in rows {
        for column in 0..<width {
          let value = numbers[(row - first) * width + column]
          guard value.isFinite, !Scalar.overflows(value) else { throw problem(of: value, row: row) }
          let converted = Scalar(value)
          values[row * width + column] = converted
          survey.take(value, row: row, column: column, isLost: converted == 0 && value != 0)
        }
      }
    }
    if survey.areAllLost { throw problemOfLostNumbers() }
    notes += try survey.notes(name, isInput: name.hasPrefix("x")) + notesOnScale(root)
    return values
  }

  private func read(_ root: borrowing Group, _ rows: Range<Int>) throws(Problem) -> [Double] {
    let block = Hyperslab(
      start: [rows.lowerBound] + shape.dropFirst().map { _ in 0 }, count: [rows.count] + shape.dropFirst())
    return try file.reading { () throws(HDF5Error) in
      try root.openDataset(name).read(Double.self, in: block)
    }
  }

  private func problem(of value: Double, row: Int) -> Problem {
    let place = "holds \(value) in row \(row) of \(name)"
    if value.isFinite {
      return file.problem(
        "\(place), which is beyond single precision",
        remedy: "scale \(name), or write 'precision: double'")
    }
    return file.problem(place, remedy: "give finite numbers only")
  }

  private func problemOfLostNumbers() -> Problem {
    file.problem(
      "holds numbers in \(name) that all become 0 in single precision",
      remedy: "scale \(name), or write 'precision: double'")
  }

  // MARK: - Conventions of other programs

  /// Numbers that stand for missing ones, by the attributes of netCDF or the file's own fill value.
  private func missingMarks(_ root: borrowing Group) throws(Problem) -> [Double] {
    try file.reading { () throws(HDF5Error) -> [Double] in
      let dataset = try root.openDataset(name)
      var marks: [Double] = []
      for attribute in ["_FillValue", "missing_value"] where try dataset.hasAttribute(attribute) {
        marks += (try? dataset.attribute(attribute, as: Double.self)) ?? []
      }
      if let fill = try? dataset.fillValue(as: Double.self), fill != 0 { marks.append(fill) }
      return marks.filter(\.isFinite)
    }
  }

  private func notesOnScale(_ root: borrowing Group) throws(Problem) -> [String] {
    let found = try file.reading { () throws(HDF5Error) -> [String] in
      let dataset = try root.openDataset(name)
      var found: [String] = []
      for attribute in ["scale_factor", "add_offset"] where try dataset.hasAttribute(attribute) {
        found.append(attribute)
      }
      return found
    }
    guard !found.isEmpty else { return [] }
    return [
      "\(name) has \(found.joined(separator: " and ")), which is not applied: numbers are taken as stored"
    ]
  }

  // MARK: - Classes

  /// Classes from this one on are taken for a slip.
  private static let maximumClasses = 100_000

  /// The class of every example, where the elements are whole numbers; further axes of one element change nothing.
  func labels(_ root: borrowing Group, notes: inout [String]) throws(Problem) -> [Int] {
    guard width == 1 else { throw try problemOfWideLabels(root) }
    try Problem.requireRoom(count, by: 1, file.key, "\(name) in \(file.path)")
    let labels = try file.reading { () throws(HDF5Error) in
      try root.openDataset(name).read(Int64.self).map { Int($0) }
    }
    guard let wrong = labels.first(where: { !(0..<Self.maximumClasses).contains($0) }) else {
      var survey = NumberSurvey(marks: try missingMarks(root))
      for (row, label) in labels.enumerated() {
        survey.take(Double(label), row: row, column: 0, isLost: false)
      }
      notes += survey.notesOnMarks(name)
      return labels
    }
    throw file.problem(
      "has the class \(wrong) in \(name)",
      remedy: Set(labels) == [-1, 1]
        ? "write 0 and 1, and 'targets: signed' for outputs of -1 and +1"
        : "number classes from 0 on, to \(Self.maximumClasses - 1) at most")
  }

  private func problemOfWideLabels(_ root: borrowing Group) throws(Problem) -> Problem {
    if count == 1 {
      return file.problem(
        "has \(name) as \(summary)",
        remedy: "write class numbers, integers [n]; " + Self.reversedAxes)
    }
    if try holdsOneHotRows(root) {
      return file.problem(
        "has \(name) as \(summary), which are one-hot rows",
        remedy: "write class numbers, integers [n], as \(name).argmax(axis=1) gives")
    }
    return file.problem(
      "has \(name) as \(summary)",
      remedy: "write class numbers, integers [n], or values to regress as floating-point numbers")
  }

  /// What may have happened where rows and columns do not fit.
  static let reversedAxes = "are the axes reversed, as MATLAB, Julia and R write them?"

  /// Whether every row, of the first ones, is 1 in one place and 0 elsewhere.
  private func holdsOneHotRows(_ root: borrowing Group) throws(Problem) -> Bool {
    guard shape.count == 2, width <= Self.numbersAtOnce else { return false }
    let numbers = try read(root, 0..<min(count, Self.numbersAtOnce / width))
    return isOneHot(numbers.count, width: width) { numbers[$0] }
  }
}

/// Whether so many numbers, row by row, are 1 in one place of every row and 0 elsewhere.
func isOneHot(_ count: Int, width: Int, _ number: (Int) -> Double) -> Bool {
  guard width > 1, count > 0 else { return false }
  return stride(from: 0, to: count, by: width).allSatisfy { first in
    var ones = 0
    for index in first..<first + width where number(index) != 0 {
      guard number(index) == 1 else { return false }
      ones += 1
    }
    return ones == 1
  }
}
