internal import Schema

/// How much a record holds along every axis: steps, measurements, eigenvalues per measurement and so on.
struct RecordExtents: Sendable, Hashable {
  /// By the place of their axis; 0 where nothing is recorded.
  private var counts = SIMD16<Int>()

  init(_ counts: [Axis: Int] = [:]) {
    for (axis, count) in counts { self[axis] = count }
  }

  /// The variables in which a file keeps the extents of every run.
  static let variables: [(variable: Variable, axis: Axis)] = [
    (.stepsTaken, .step), (.measurementsTaken, .measurement), (.eigenvaluesTaken, .eigenvalue),
    (.weightsKept, .parameter), (.layersTaken, .layer), (.densityNodesTaken, .densityNode),
    (.sketchComponentsTaken, .sketch), (.keptTaken, .kept), (.directionsTaken, .direction),
  ]

  /// The axis of which such a variable tells.
  static let axes = Dictionary(uniqueKeysWithValues: variables.map { ($0.variable, $0.axis) })

  /// The number of values along an axis in one run.
  subscript(axis: Axis) -> Int {
    get { axis == .run ? 1 : counts[axis.place] }
    set { counts[axis.place] = axis == .run ? 0 : newValue }
  }

  /// The extent of every axis of a variable in one run.
  func shape(of variable: Variable) -> [Int] { variable.axes.map { self[$0] } }

  /// The number of values of a variable in one run.
  func count(of variable: Variable) -> Int { shape(of: variable).reduce(1, *) }

  /// The extents that hold both.
  func union(_ other: RecordExtents) -> RecordExtents {
    var union = self
    union.counts.replace(with: other.counts, where: other.counts .> counts)
    return union
  }
}

extension Variable {
  /// Whether a record works it out itself from its other values.
  var isDerived: Bool {
    self == .checksum || RecordExtents.axes[self] != nil
  }
}
