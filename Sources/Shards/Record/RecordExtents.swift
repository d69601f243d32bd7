/// How much a record holds: steps, measurements, eigenvalues per measurement, and weights that were kept.
struct RecordExtents: Sendable, Hashable {
  var steps = 0
  var measurements = 0
  var eigenvalues = 0
  var parameters = 0

  init(steps: Int = 0, measurements: Int = 0, eigenvalues: Int = 0, parameters: Int = 0) {
    self.steps = steps
    self.measurements = measurements
    self.eigenvalues = eigenvalues
    self.parameters = parameters
  }

  /// The extents of a column of `count` values along one axis.
  init(along axis: Axis, _ count: Int) {
    self[axis] = count
  }

  /// The variables in which a file keeps the extents of every run.
  static let variables: [(name: String, axis: Axis)] = [
    ("steps_taken", .step), ("measurements_taken", .measurement), ("eigenvalues_taken", .eigenvalue),
    ("weights_kept", .parameter),
  ]

  /// The number of values along an axis in one run.
  subscript(axis: Axis) -> Int {
    get {
      switch axis {
      case .run: 1
      case .step: steps
      case .measurement: measurements
      case .eigenvalue: eigenvalues
      case .parameter: parameters
      }
    }
    set {
      switch axis {
      case .run: break
      case .step: steps = newValue
      case .measurement: measurements = newValue
      case .eigenvalue: eigenvalues = newValue
      case .parameter: parameters = newValue
      }
    }
  }

  /// The extent of every axis of a variable in one run.
  func shape(of variable: Variable) -> [Int] { variable.axes.map { self[$0] } }

  /// The number of values of a variable in one run.
  func count(of variable: Variable) -> Int { shape(of: variable).reduce(1, *) }

  /// The extents that hold both.
  func union(_ other: RecordExtents) -> RecordExtents {
    var union = self
    for axis in Axis.allCases { union[axis] = max(self[axis], other[axis]) }
    return union
  }
}
