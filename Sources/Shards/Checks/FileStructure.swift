internal import HDF5
internal import Schema

/// The checks of a sweep file that do not look at single runs: dimensions, shapes, types, scales, fill
/// values.
enum FileStructure {
  /// What is wrong, in sentences.
  static func problems(in file: SweepFile) -> [String] {
    var problems = duplicates(file.runs).map { "the run \($0) has several rows" }
    for axis in Axis.allCases { problems += report { () throws(HDF5Error) in try check(axis, file) } }
    for variable in VariableTable.all {
      problems += report { () throws(HDF5Error) in try check(variable, file) }
    }
    for name in ["title", "source"] {
      problems += report { () throws(HDF5Error) in
        try file.withRoot { root throws(HDF5Error) in try root.hasAttribute(name) }
          ? [] : ["the attribute \(name) is missing"]
      }
    }
    return problems
  }

  /// The problems that a check finds, or that it could not be carried out.
  private static func report(_ check: () throws(HDF5Error) -> [String]) -> [String] {
    do { return try check() } catch { return ["\(error)"] }
  }

  private static func duplicates(_ runs: [String]) -> [String] {
    var seen: Set<String> = []
    return runs.filter { !seen.insert($0).inserted }
  }

  private static func check(_ axis: Axis, _ file: SweepFile) throws(HDF5Error) -> [String] {
    guard let scale = try file.dataset(axis.rawValue) else {
      var isNeeded = !axis.isOptional
      for variable in VariableTable.all where !isNeeded && variable.axes.contains(axis) {
        isNeeded = try file.dataset(variable.name) != nil
      }
      return isNeeded ? ["the dimension \(axis.rawValue) is missing"] : []
    }
    guard try scale.dataset.isScale else { return ["\(axis.rawValue) is not a dimension scale"] }
    guard axis != .run else { return [] }
    let shape = try scale.dataset.shape
    guard shape.count == 1, try scale.dataset.read(Int64.self) == Array(0..<Int64(shape[0])) else {
      return ["\(axis.rawValue) does not count from 0 on"]
    }
    return []
  }

  private static func check(_ variable: Variable, _ file: SweepFile) throws(HDF5Error) -> [String] {
    guard let open = try file.dataset(variable.name) else {
      return variable.isOptional ? [] : ["the variable \(variable.name) is missing"]
    }
    var shape: [Int] = []
    for axis in variable.axes { shape.append(try file.dataset(axis.rawValue)?.dataset.shape.first ?? 0) }
    guard try open.dataset.shape == shape else {
      return ["\(variable.name) has the shape \(try open.dataset.shape) instead of \(shape)"]
    }
    let kind = file.storedKind(variable)
    guard kind.elementTypes.contains(try open.dataset.elementType) else {
      return ["\(variable.name) is of the wrong type"]
    }
    var problems: [String] = []
    for (index, axis) in variable.axes.enumerated()
    where try open.dataset.scales(onAxis: index) != ["/\(axis.rawValue)"] {
      problems.append("\(variable.name) lacks the dimension scale \(axis.rawValue)")
    }
    return problems
      + (try kind.hasRightFill(open.dataset) ? [] : ["\(variable.name) has the wrong fill value"])
  }
}

extension Variable.Kind {
  /// The value that stands for missing ones, where the file declares one.
  private var declaredFill: Double? {
    switch self {
    case .real, .weights: .nan
    case .integer, .flag: -1
    case .text, .word, .count: nil
    }
  }

  /// Whether elements that were never written are what they should be, and are declared as missing or not.
  fileprivate func hasRightFill(_ dataset: borrowing Dataset) throws(HDF5Error) -> Bool {
    if case .string = try dataset.elementType { return true }
    let declared =
      try dataset.hasAttribute("_FillValue") ? try dataset.attribute("_FillValue", as: Double.self) : []
    let (fill, expected) = (try dataset.fillValue(as: Double.self), declaredFill ?? 0)
    let fits: (Double) -> Bool = { $0 == expected || ($0.isNaN && expected.isNaN) }
    return declared.count == (declaredFill == nil ? 0 : 1) && declared.allSatisfy(fits) && fits(fill)
  }

  /// The types that values may have in a file.
  fileprivate var elementTypes: [ElementType] {
    switch self {
    case .real: [.double]
    case .integer, .count: [.int64]
    case .text, .word: [.string]
    case .flag: [.int8]
    case .weights: [.float, .double]
    }
  }
}
