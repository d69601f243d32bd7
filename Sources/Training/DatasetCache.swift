package import Datasets
package import LinearAlgebra
package import NodeMemory

/// The data sets a rank has loaded; it keeps the latest few, since neighbouring runs mostly share one.
///
/// Ranks of one node share one copy of each.
package struct DatasetCache<Scalar: RealScalar> {
  private var loaded: [(configuration: DataConfiguration, dataset: Dataset<Scalar>)] = []
  private let board: NodeBoard?
  /// The latest are kept in any case, and as many more as fit into a little memory.
  private static var least: Int { 2 }
  private static var roomyBytes: Int { 64 << 20 }

  /// Creates an empty cache; with a board, data is shared with the other ranks that have it.
  package init(board: NodeBoard? = nil) { self.board = board }

  /// The data; `whileWaiting` is called while another rank loads it, and what that throws is passed on.
  package mutating func load(
    _ configuration: DataConfiguration, whileWaiting: () throws -> Void = {}
  ) throws -> Dataset<Scalar> {
    if let hit = loaded.firstIndex(where: { $0.configuration == configuration }) {
      loaded.append(loaded.remove(at: hit))
    } else {
      let dataset =
        try board.map {
          try configuration.load(as: Scalar.self, sharedOn: $0, whileWaiting: whileWaiting)
        } ?? configuration.load(as: Scalar.self)
      loaded.append((configuration, dataset))
    }
    while loaded.count > Self.least, loaded.reduce(0, { $0 + $1.dataset.byteCount }) > Self.roomyBytes {
      loaded.removeFirst()
    }
    return loaded[loaded.count - 1].dataset
  }
}
