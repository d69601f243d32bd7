package import Datasets
package import LinearAlgebra
package import NodeMemory

/// The data sets a rank has loaded; it keeps the latest few, since neighbouring runs mostly share one.
///
/// Ranks of one node share one copy of each.
package struct DatasetCache<Scalar: RealScalar> {
  private var loaded = RecentValues<DataConfiguration, Dataset<Scalar>>()
  private let board: NodeBoard?

  /// Creates an empty cache; with a board, data is shared with the other ranks that have it.
  package init(board: NodeBoard? = nil) { self.board = board }

  /// The data; `whileWaiting` is called while another rank loads it, and what that throws is passed on.
  package mutating func load(
    _ configuration: DataConfiguration, whileWaiting: () throws -> Void = {}
  ) throws -> Dataset<Scalar> {
    let board = board
    return try loaded.value(for: configuration, bytes: { $0.byteCount }) {
      try board.map {
        try configuration.load(as: Scalar.self, sharedOn: $0, whileWaiting: whileWaiting)
      } ?? configuration.load(as: Scalar.self)
    }
  }
}
