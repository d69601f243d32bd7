public import Schema

/// Everything that is recorded of one run: the content of a shard, one row of a merged file.
///
/// Values are set by their variable; what is not set is stored as missing
/// (NaN, -1, the empty text, or 0 for counts). Per-step and per-measurement values are handed over as whole arrays, best at
/// the end of the run. All non-empty per-step arrays of a record have one length, all per-measurement arrays
/// another; the counts, such as `steps_taken` and `measurements_taken`, are derived from them.
public struct RunRecord: Sendable {
  /// The run's id.
  public let id: String
  /// The weights at the end of the run, if they were kept.
  public var weights: Weights? {
    get { keptWeights }
    set {
      // Not an observer: those do not run in initialisers, where weights are likely to be set.
      keptWeights = newValue
      keptChecksum = nil
      let own = columns[Variable.keptWeights.name]?.extents[.parameter] ?? 0
      extents[.parameter] = max(newValue?.count ?? 0, own)
    }
  }
  private var keptWeights: Weights?
  private var keptChecksum: String?
  private var columns: [String: (column: Column, extents: RecordExtents)] = [:]
  /// The extents that hold every column.
  private(set) var extents = RecordExtents()

  /// Creates the record of a run of which nothing is known but what became of it.
  public init(id: String, status: RunStatus = .pending) {
    self.id = id
    self.status = status
  }

  /// Creates the record of a run of which it is known how much was recorded, but not yet what.
  init(id: String, extents: RecordExtents) {
    self.id = id
    self.extents = extents
  }

  /// What became of the run.
  public var status: RunStatus {
    get { text(.status).flatMap(RunStatus.init) ?? .pending }
    set { set(.status, newValue.rawValue) }
  }

  /// The number of recorded steps.
  public var stepCount: Int { extents[.step] }
  /// The number of recorded measurements.
  public var measurementCount: Int { extents[.measurement] }
  /// The number of recorded eigenvalues per measurement.
  public var eigenvalueCount: Int { extents[.eigenvalue] }

}

// MARK: - Setting

extension RunRecord {
  /// Sets a per-run number.
  public mutating func set(_ variable: Variable, _ value: Double) { store(.reals([value]), variable) }
  /// Sets a per-run integer, or a per-run number to an integer.
  public mutating func set(_ variable: Variable, _ value: Int) { set(variable, [value]) }
  /// Sets a per-run text.
  public mutating func set(_ variable: Variable, _ value: String) { store(.texts([value]), variable) }
  /// Sets a per-run word that is yes or no.
  public mutating func set(_ variable: Variable, _ value: Bool) { set(variable, value ? "yes" : "no") }

  /// Sets the numbers of all steps or of all measurements.
  public mutating func set(_ variable: Variable, _ values: [Double]) { store(.reals(values), variable) }
  /// Sets the integers of all steps or of all measurements, or the numbers to integers.
  public mutating func set(_ variable: Variable, _ values: [Int]) {
    let isReal = variable.kind == .real
    store(isReal ? .reals(values.map(Double.init)) : .integers(values.map(Int64.init)), variable)
  }
  /// Sets the flags of all measurements, whose words are no and yes.
  public mutating func set(_ variable: Variable, _ values: [Bool]) {
    store(.flags(values.map { $0 ? 1 : 0 }), variable)
  }

  /// Sets the flags of all measurements by the positions of their words; nil where one is missing.
  public mutating func set(_ variable: Variable, flags: [Int?]) {
    store(.flags(flags.map { $0.map(Int8.init) ?? -1 }), variable)
  }

  /// Sets the texts along a dimension.
  public mutating func set(_ variable: Variable, _ values: [String]) { store(.texts(values), variable) }

  /// Sets the eigenvalues, layers and the like of all measurements or steps, or the weights of all steps kept, one row
  /// each.
  ///
  /// Short rows are filled up as missing.
  public mutating func set(_ variable: Variable, rows: [[Double]]) {
    let width = rows.map(\.count).max() ?? 0
    var values: [Double] = []
    values.reserveCapacity(rows.count * width)
    for row in rows {
      values += row
      values += repeatElement(.nan, count: width - row.count)
    }
    let (outer, inner) = (variable.axes[1], variable.axes.last ?? .run)
    store(.reals(values), variable, RecordExtents([outer: rows.count, inner: width]))
  }

  /// Sets the flags of the eigenvalues of all measurements, one row each; short rows are filled up as missing.
  public mutating func set(_ variable: Variable, flagRows rows: [[Bool]]) {
    let width = rows.map(\.count).max() ?? 0
    let values = rows.flatMap { $0.map { $0 ? Int8(1) : 0 } + Array(repeating: -1, count: width - $0.count) }
    let axis = variable.axes.last ?? .run
    store(.flags(values), variable, RecordExtents([.measurement: rows.count, axis: width]))
  }

  private mutating func store(_ column: Column, _ variable: Variable) {
    precondition(variable.axes.count <= 2, "Set \(variable.name) by rows.")
    store(column, variable, RecordExtents([variable.axes.last ?? .run: column.count]))
  }

  /// Stores a column that fills its variable's part of the extents.
  mutating func store(_ column: Column, _ variable: Variable, _ extents: RecordExtents) {
    precondition(column.fits(variable.kind), "\(variable.name) holds \(variable.kind), not what is given.")
    precondition(column.count == extents.count(of: variable), "\(variable.name) got \(column.count) values.")
    precondition(VariableTable.contains(variable), "VariableTable lacks \(variable.name).")
    precondition(!variable.isDerived, "\(variable.name) is derived from what else is recorded.")
    columns[variable.name] = (column, extents)
    keptChecksum = nil
    self.extents = self.extents.union(extents)
  }
}

// MARK: - Reading

extension RunRecord {
  /// A per-run number; nil where it is missing.
  public func real(_ variable: Variable) -> Double? { reals(variable).first.flatMap { $0.isNaN ? nil : $0 } }
  /// A per-run integer; nil where it is missing, which a count never is.
  public func integer(_ variable: Variable) -> Int? {
    let isCount = variable.kind == .count
    return integers(variable).first.flatMap { $0 == -1 && !isCount ? nil : Int($0) }
  }
  /// A per-run text; nil where it is missing.
  public func text(_ variable: Variable) -> String? {
    guard case .texts(let texts) = column(variable), let text = texts.first else {
      return nil
    }
    return text.isEmpty ? nil : text
  }

  /// All values of a real variable, row-major; NaN where they are missing.
  public func reals(_ variable: Variable) -> [Double] {
    guard case .reals(let values) = column(variable) else {
      preconditionFailure("\(variable.name) does not hold reals.")
    }
    return values
  }
  /// All values of an integer variable; -1 where they are missing, 0 where there is nothing to count.
  public func integers(_ variable: Variable) -> [Int64] {
    guard case .integers(let values) = column(variable) else {
      preconditionFailure("\(variable.name) does not hold integers.")
    }
    return values
  }
  /// All values of a flag variable; -1 where they are missing.
  public func flags(_ variable: Variable) -> [Int8] {
    guard case .flags(let values) = column(variable) else {
      preconditionFailure("\(variable.name) does not hold flags.")
    }
    return values
  }

  /// All values of a variable over the extents of the record, missing ones included.
  func column(_ variable: Variable) -> Column {
    if variable.kind == .weights { return .reals(weights?.doubles ?? []) }
    if let derived = derivedColumn(variable) { return derived }
    guard let (column, own) = columns[variable.name], column.count > 0 else {
      return .fill(variable.kind, count: extents.count(of: variable))
    }
    let (inner, isRagged) = (variable.axes.last ?? .run, variable.axes.count > 2)
    for axis in variable.axes where !isRagged || axis != inner {
      precondition(
        own[axis] == extents[axis],
        "\(variable.name) has \(own[axis]) values along \(axis), another variable has \(extents[axis]).")
    }
    guard own[inner] < extents[inner] else { return column }
    switch column {
    case .reals(let values): return .reals(widen(values, from: own[inner], to: extents[inner], by: .nan))
    case .flags(let values): return .flags(widen(values, from: own[inner], to: extents[inner], by: -1))
    case .integers, .texts: return column
    }
  }

  /// The values of a variable; nil where none of them is there.
  func presentColumn(_ variable: Variable) -> Column? { holds(variable) ? column(variable) : nil }

  /// The names of the variables that have a column of their own.
  var storedNames: some Sequence<String> { columns.keys }

  /// Works out the checksum once for the many times that the record, as it is, will be written.
  mutating func keepChecksum() { keptChecksum = checksum }

  private func derivedColumn(_ variable: Variable) -> Column? {
    if variable == .checksum { return .texts([keptChecksum ?? checksum]) }
    return RecordExtents.axes[variable].map { .integers([Int64(extents[$0])]) }
  }

  /// The optional variables of which the record holds values.
  var optionalVariables: Set<String> {
    Set(VariableTable.all.filter { $0.isOptional && holds($0) }.map(\.name))
  }

  private func holds(_ variable: Variable) -> Bool {
    if variable.kind == .weights { return keptWeights != nil }
    if variable == .checksum { return true }
    return (derivedColumn(variable) ?? columns[variable.name]?.column).map { !$0.isMissing(variable.kind) }
      ?? false
  }

  private func widen<Value>(
    _ values: [Value], from width: Int, to wider: Int, by missing: Value
  ) -> [Value] {
    stride(from: 0, to: values.count, by: width).flatMap { row in
      values[row..<row + width] + Array(repeating: missing, count: wider - width)
    }
  }
}
