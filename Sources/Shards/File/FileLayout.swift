internal import HDF5
internal import Schema

/// The extents of a sweep file, which decide the shapes of all its datasets.
struct FileLayout {
  /// The ids of the runs, one row each.
  var runs: [String]
  /// Room for the longest run along every axis.
  var extents = RecordExtents()
  /// The optional variables that some run recorded.
  var optional: Set<String> = []
  /// Whether weights are stored in double precision: where any run computed in it.
  var doubleWeights = false
  /// Whether values are compressed, which takes most of the time of writing them.
  var isCompressed = true

  /// Makes room for a record.
  mutating func include(_ record: RunRecord) {
    include(
      record.extents, optional: record.optionalVariables, doubleWeights: record.weights?.isDouble ?? false)
  }

  /// Makes room for a record of which only this is known.
  mutating func include(_ extents: RecordExtents, optional: Set<String>, doubleWeights: Bool) {
    self.extents = self.extents.union(extents)
    self.optional.formUnion(optional)
    self.doubleWeights = self.doubleWeights || doubleWeights
  }

  subscript(axis: Axis) -> Int { axis == .run ? runs.count : extents[axis] }

  /// The axes of the file.
  var axes: [Axis] { Axis.allCases.filter { !$0.isOptional || extents[$0] > 0 } }

  /// The variables of the file.
  var variables: [Variable] { VariableTable.all.filter { !$0.isOptional || optional.contains($0.name) } }

  /// The shape of a variable's dataset.
  func shape(of variable: Variable) -> [Int] { variable.axes.map { self[$0] } }

  /// Chunks of a few thousand values: of one run, or of several short ones.
  ///
  /// So padding costs no disk, and compression, which takes its time per chunk, does not cost much. What one chunk
  /// would hold lies in one piece, uncompressed. Chunks have no checksums of HDF5's own: the seal and the rows'
  /// checksums find more, and some programs cannot read such chunks.
  func storage(of variable: Variable) -> Storage {
    guard shape(of: variable).reduce(1, *) > Self.chunkSize else { return .contiguous }
    return .chunked(chunk(of: variable), deflate: isCompressed ? 1 : nil, fletcher32: false)
  }

  /// The extents of the pieces in which a variable is written or left out: its chunks.
  func chunk(of variable: Variable) -> [Int] {
    var along = variable.axes.dropFirst().map { max(1, min(self[$0], $0.chunk)) }
    // No chunk of long rows is larger than the largest of others.
    if along.count == 2 { along[0] = max(1, min(along[0], Self.largestChunk / along[1])) }
    return [max(1, Self.chunkSize / along.reduce(1, *))] + along
  }

  private static let chunkSize = 4096
  private static let largestChunk = 1 << 20
}

extension Axis {
  /// The extent of a chunk along the axis.
  fileprivate var chunk: Int {
    switch self {
    case .run, .step: 4096
    case .measurement: 1024
    case .eigenvalue, .layer: 64
    case .densityNode, .kept: 1024
    case .sketch: 8192
    case .direction: 16
    case .parameter: 131_072
    }
  }
}
