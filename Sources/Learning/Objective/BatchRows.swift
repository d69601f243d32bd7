import LinearAlgebra

/// Where the rows of a rank's blocks lie: in the data itself, or in a staging copy of a minibatch's rows.
struct BatchRows<Scalar: RealScalar> {
  let blocks: LocalBlocks
  private let rows: Examples<Scalar>
  /// The example of the batch that stands first in `rows`.
  private let first: Int

  /// Blocks of the whole data, which they are slices of.
  init(all examples: Examples<Scalar>, _ blocks: LocalBlocks) {
    self.blocks = blocks
    rows = examples
    first = 0
  }

  /// Room for the blocks of minibatches out of `examples`.
  init(stagedFrom examples: Examples<Scalar>, _ blocks: LocalBlocks) {
    self.blocks = blocks
    let count = max(blocks.range.count, 1)
    rows = Examples(
      count: count, inputs: Vector(count: count * examples.features),
      targets: Vector(count: count * examples.outputs))
    first = blocks.range.lowerBound
  }

  /// Copies the rows of a minibatch that this rank works on into the staging room.
  func gather(_ indices: [Int], from examples: Examples<Scalar>) {
    for position in blocks.range {
      rows.input(position - first).copy(from: examples.input(indices[position]))
      rows.target(position - first).copy(from: examples.target(indices[position]))
    }
  }

  func inputs(of block: Int) -> VectorSlice<Scalar> {
    rows.inputs.slice(elements(of: block, rowLength: rows.features))
  }

  func targets(of block: Int) -> VectorSlice<Scalar> {
    rows.targets.slice(elements(of: block, rowLength: rows.outputs))
  }

  private func elements(of block: Int, rowLength: Int) -> Range<Int> {
    let range = blocks.ranges[block]
    return (range.lowerBound - first) * rowLength..<(range.upperBound - first) * rowLength
  }
}

extension Examples {
  fileprivate func input(_ row: Int) -> VectorSlice<Scalar> {
    inputs.slice(row * features..<(row + 1) * features)
  }

  fileprivate func target(_ row: Int) -> VectorSlice<Scalar> {
    targets.slice(row * outputs..<(row + 1) * outputs)
  }
}
