internal import Schema

/// The comparison of one run's records, over what both hold; that one holds more shows in `steps_taken` and
/// the like.
struct RunComparison {
  private(set) var valuesCompared = 0
  private(set) var differingValues = 0
  /// The difference at the earliest step; those without a step come last.
  private(set) var earliest: Difference?

  init(_ first: RunRecord, _ second: RunRecord, _ tolerance: Double) {
    let common = first.extents.intersection(second.extents)
    let (steps, kept) = (first.integers(.measuredStep), first.integers(.keptStep))
    for variable in VariableTable.all where !variable.isBookkeeping {
      let (left, right) = (first.column(variable), second.column(variable))
      for index in 0..<common.count(of: variable) {
        let position = common.position(index, of: variable)
        let (i, j) = (
          first.extents.index(position, of: variable), second.extents.index(position, of: variable)
        )
        valuesCompared += 1
        guard !left.agrees(at: i, with: right, at: j, tolerance) else { continue }
        differingValues += 1
        let step = variable.step(position, measured: steps, kept: kept)
        guard earliest == nil || step ?? .max < earliest?.step ?? .max else { continue }
        earliest = Difference(
          run: first.id, variable: variable.name, step: step, position: position,
          first: left.text(at: i, variable.kind), second: right.text(at: j, variable.kind))
      }
    }
  }
}

extension Variable {
  /// The step that a position along the variable's dimensions belongs to.
  fileprivate func step(_ position: [Int], measured: [Int64], kept: [Int64]) -> Int? {
    switch axes.dropFirst().first {
    case .step: position[0]
    case .measurement: Int(measured[position[0]])
    case .kept: Int(kept[position[0]])
    default: nil
    }
  }
}

extension RecordExtents {
  /// The extents that both hold.
  fileprivate func intersection(_ other: RecordExtents) -> RecordExtents {
    var both = self
    for axis in Axis.allCases { both[axis] = min(self[axis], other[axis]) }
    return both
  }

  /// Where an index into a variable's values lies along its dimensions after `run`.
  fileprivate func position(_ index: Int, of variable: Variable) -> [Int] {
    let shape = shape(of: variable).dropFirst()
    return shape.count == 2
      ? [index / (shape.last ?? 1), index % (shape.last ?? 1)] : shape.map { _ in index }
  }

  /// The index that belongs to a position.
  fileprivate func index(_ position: [Int], of variable: Variable) -> Int {
    zip(shape(of: variable).dropFirst(), position).reduce(0) { $0 * $1.0 + $1.1 }
  }
}

extension Column {
  /// Whether two values are the same, up to a tolerance for reals.
  fileprivate func agrees(at index: Int, with other: Column, at otherIndex: Int, _ tolerance: Double) -> Bool
  {
    switch (self, other) {
    case (.reals(let a), .reals(let b)): a[index].agrees(with: b[otherIndex], tolerance)
    case (.integers(let a), .integers(let b)): a[index] == b[otherIndex]
    case (.texts(let a), .texts(let b)): a[index] == b[otherIndex]
    case (.flags(let a), .flags(let b)): a[index] == b[otherIndex]
    default: preconditionFailure("A variable is of one kind.")
    }
  }

  fileprivate func text(at index: Int, _ kind: Variable.Kind) -> String {
    switch (self, kind) {
    case (.texts(let values), .word): values[index].isEmpty ? "missing" : values[index]
    case (.flags(let values), .flag(let words)) where words.indices.contains(Int(values[index])):
      words[Int(values[index])]
    case (.reals(let values), _): "\(values[index])"
    case (.integers(let values), _): "\(values[index])"
    case (.texts(let values), _): "\"\(values[index])\""
    case (.flags(let values), _): "\(values[index])"
    }
  }
}

extension Double {
  fileprivate func agrees(with other: Double, _ tolerance: Double) -> Bool {
    if bitPattern == other.bitPattern || (isNaN && other.isNaN) { return true }
    return isFinite && other.isFinite && tolerance > 0
      && abs(self - other) <= tolerance * max(abs(self), abs(other))
  }
}
