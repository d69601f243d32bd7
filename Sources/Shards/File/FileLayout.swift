internal import HDF5

/// The extents of a sweep file, which decide the shapes of all its datasets.
struct FileLayout {
  /// The ids of the runs, one row each.
  var runs: [String]
  /// Room for the longest run along every axis.
  var extents = RecordExtents()
  /// Whether weights are stored in double precision: where any run computed in it.
  var doubleWeights = false

  /// Makes room for a record.
  mutating func include(_ extents: RecordExtents, doubleWeights: Bool) {
    self.extents = self.extents.union(extents)
    self.doubleWeights = self.doubleWeights || doubleWeights
  }

  subscript(axis: Axis) -> Int { axis == .run ? runs.count : extents[axis] }

  /// The axes of the file: those of the table, and the parameters where weights were kept.
  var axes: [Axis] { Axis.allCases.filter { $0 != .parameter || extents.parameters > 0 } }

  /// The variables of the file.
  var variables: [Variable] { VariableTable.all.filter { $0.kind != .weights || extents.parameters > 0 } }

  /// The shape of a variable's dataset.
  func shape(of variable: Variable) -> [Int] { variable.axes.map { self[$0] } }

  /// Chunks of one run and a few thousand values, so that padding costs no disk; per-run values lie together.
  func storage(of variable: Variable) -> Storage {
    guard variable.axes.count > 1 else { return .chunked([4096]) }
    return .chunked(variable.axes.map { $0 == .run ? 1 : max(1, min(self[$0], $0.chunk)) })
  }
}

extension Axis {
  /// The extent of a chunk along the axis.
  fileprivate var chunk: Int {
    switch self {
    case .run: 1
    case .step: 4096
    case .measurement: 1024
    case .eigenvalue: 64
    case .parameter: 131_072
    }
  }
}
