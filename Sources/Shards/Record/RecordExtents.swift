/// How many steps, measurements and eigenvalues per measurement a record holds.
struct RecordExtents: Sendable, Hashable {
  var steps = 0
  var measurements = 0
  var eigenvalues = 0

  init(steps: Int = 0, measurements: Int = 0, eigenvalues: Int = 0) {
    self.steps = steps
    self.measurements = measurements
    self.eigenvalues = eigenvalues
  }

  /// The extents of a column of `count` values along one axis.
  init(along axis: Axis, _ count: Int) {
    if axis == .step { steps = count }
    if axis == .measurement { measurements = count }
  }

  /// The variables in which a file keeps the extents of every run.
  static let axes: [String: Axis] = [
    "steps_taken": .step, "measurements_taken": .measurement, "eigenvalues_taken": .eigenvalue,
  ]

  /// The number of values along an axis in one run; parameters are counted by the weights themselves.
  subscript(axis: Axis) -> Int {
    switch axis {
    case .run, .parameter: 1
    case .step: steps
    case .measurement: measurements
    case .eigenvalue: eigenvalues
    }
  }

  /// The number of values of a variable in one run.
  func count(of variable: Variable) -> Int { variable.axes.reduce(1) { $0 * self[$1] } }

  /// The extents that hold both.
  func union(_ other: RecordExtents) -> RecordExtents {
    RecordExtents(
      steps: max(steps, other.steps), measurements: max(measurements, other.measurements),
      eigenvalues: max(eigenvalues, other.eigenvalues))
  }
}
