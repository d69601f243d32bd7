import LinearAlgebra
import ProgramExecutor
import TensorProgram

/// Where the residuals of a rank's blocks lie between one Hessian product and the next.
///
/// Where those of all blocks exceed a budget of memory, the first blocks keep theirs and the others share room for one:
/// their residuals are computed again within every product, with the same bits. A single block keeps its own in any case,
/// because it needs the room.
struct ResidualStore<Scalar: RealScalar> {
  /// The number of blocks that keep their residuals.
  let keptBlocks: Int
  /// The bytes that are allocated.
  let byteCount: Int
  /// Of each block: where each output of the primal program that is a residual is written.
  private let rooms: [[Int: VectorSlice<Scalar>]]

  /// Makes room for the residuals of the blocks, each given by the elements of its residuals.
  ///
  /// `budget` is in bytes; room for one block is always made.
  init(_ blocks: [[Int: Int]], budget: Int) {
    let sizes = blocks.map { $0.values.reduce(0, +) * MemoryLayout<Scalar>.stride }
    let largest = blocks.indices.max { sizes[$0] < sizes[$1] }
    let all = sizes.reduce(0, +)
    var (kept, bytes) = (blocks.count, all)
    if all > budget, blocks.count > 1, let largest {
      (kept, bytes) = (0, sizes[largest])
      while bytes + sizes[kept] <= budget {
        bytes += sizes[kept]
        kept += 1
      }
    }
    let shared = kept < blocks.count ? largest.map { Self.room(for: blocks[$0]) } : nil
    rooms = blocks.indices.map { index in
      guard index >= kept, let shared else { return Self.room(for: blocks[index]) }
      return blocks[index].reduce(into: [:]) { $0[$1.key] = shared[$1.key]?.slice(0..<$1.value) }
    }
    (keptBlocks, byteCount) = (kept, bytes)
  }

  /// Whether a block keeps its residuals.
  func isKept(_ block: Int) -> Bool { block < keptBlocks }

  /// Where a block's residuals are written, by output of the primal program.
  subscript(block: Int) -> [Int: VectorSlice<Scalar>] { rooms[block] }

  private static func room(for counts: [Int: Int]) -> [Int: VectorSlice<Scalar>] {
    counts.mapValues { Vector(count: $0).all }
  }
}

/// How much of what Hessian products need is kept from one to the next, over all batches they are taken on.
public struct ResidualUse: Sendable, Hashable {
  /// The bytes that residuals take on this rank.
  public let byteCount: Int
  /// The number of blocks of this rank.
  public let blocks: Int
  /// How many of them keep their residuals; those of the others are computed again in every product.
  public let keptBlocks: Int
}
