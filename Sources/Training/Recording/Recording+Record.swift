import Schema
package import Shards

extension Recording {
  /// Writes the columns into a record.
  func write(to record: inout RunRecord) {
    record.set(.trainLoss, trainLoss)
    record.set(.trainAccuracy, trainAccuracy)
    record.set(.gradientNorm, gradientNorm)
    record.set(.stepSize, stepSize)
    for variable in variables where variable != .measuredAt || hasMidpoints {
      write(variable, to: &record)
    }
    guard !kept.isEmpty else { return }
    record.set(.keptStep, kept.map(\.step))
    record.set(.keptWeights, rows: kept.map(\.weights))
  }

  /// Where all is measured at iterates, nothing says so.
  private var hasMidpoints: Bool { values(.measuredAt).contains(1) }

  private func write(_ variable: Variable, to record: inout RunRecord) {
    let rows = rows(variable)
    switch (variable.axes.count > 2, variable.kind) {
    case (true, .flag): record.set(variable, flagRows: rows.map { $0.map { $0 == 1 } })
    case (true, _): record.set(variable, rows: rows)
    case (false, .flag): record.set(variable, flags: rows.map { $0.first.map(Int.init) })
    case (false, .integer): record.set(variable, rows.map { $0.first.map(Int.init) ?? -1 })
    case (false, _): record.set(variable, rows.map { $0.first ?? .nan })
    }
  }

  /// Reads the columns back.
  package init(_ record: RunRecord) {
    func rows(per axis: Axis) -> [Variable: [[Double]]] {
      VariableTable.all.filter { $0.axes.contains(axis) && !Self.ofEveryStep.contains($0) }
        .reduce(into: [:]) { $0[$1] = record.rows($1) }
    }
    var measured = rows(per: .measurement)
    if measured[.measuredAt] == nil {
      measured[.measuredAt] = Array(repeating: [0], count: record.measurementCount)
    }
    self.init(
      trainLoss: record.reals(.trainLoss), trainAccuracy: record.reals(.trainAccuracy),
      gradientNorm: record.reals(.gradientNorm), stepSize: record.reals(.stepSize),
      moved: rows(per: .step), measured: measured, measurements: record.measurementCount, kept: record.kept)
  }

  /// The variables that every step has.
  private static let ofEveryStep: Set<Variable> = [.trainLoss, .trainAccuracy, .gradientNorm, .stepSize]
}

extension RunRecord {
  /// The weights that are kept, with their steps.
  fileprivate var kept: [(step: Int, weights: [Double])] {
    let (steps, values) = (integers(.keptStep), reals(.keptWeights))
    let width = steps.isEmpty ? 0 : values.count / steps.count
    return steps.enumerated().map { (Int($1), Array(values[$0 * width..<($0 + 1) * width])) }
  }

  /// The values of a variable, a row for every measurement or step; nil where it was never recorded.
  fileprivate func rows(_ variable: Variable) -> [[Double]]? {
    let count = variable.axes.contains(.step) ? stepCount : measurementCount
    guard count > 0 else { return nil }
    let values: [Double?]
    switch variable.kind {
    case .flag: values = flags(variable).map { $0 == -1 ? nil : Double($0) }
    case .integer: values = integers(variable).map { $0 == -1 ? nil : Double($0) }
    default: values = reals(variable)
    }
    if values.allSatisfy({ $0?.isNaN ?? true }) { return nil }
    let width = values.count / count
    return (0..<count).map { values[$0 * width..<($0 + 1) * width].compactMap(\.self) }
  }
}
