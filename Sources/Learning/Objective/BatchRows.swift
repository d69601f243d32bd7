import Datasets
import LinearAlgebra

/// Where the rows of a rank's blocks lie: in the data itself, or in staging copies of a minibatch's rows.
struct BatchRows<Scalar: RealScalar> {
  let blocks: LocalBlocks
  /// The inputs `[examples, features]` of each block.
  let inputs: [VectorSlice<Scalar>]
  /// The targets `[examples, outputs]` of each block.
  let targets: [VectorSlice<Scalar>]

  /// Blocks of the whole data, which they are slices of.
  init(all examples: Examples<Scalar>, _ blocks: LocalBlocks) {
    self.blocks = blocks
    inputs = blocks.ranges.map { examples.inputs(of: $0) }
    targets = blocks.ranges.map { examples.targets(of: $0) }
  }

  /// Room for the blocks of minibatches out of `examples`.
  ///
  /// Each block is an allocation of its own, so that its alignment is the same on whatever rank it is computed.
  init(stagedFrom examples: Examples<Scalar>, _ blocks: LocalBlocks) {
    self.blocks = blocks
    inputs = blocks.ranges.map { Vector(count: $0.count * examples.features).all }
    targets = blocks.ranges.map { Vector(count: $0.count * examples.outputs).all }
  }

  /// Copies the rows of a minibatch that this rank works on into the staging room.
  func gather(_ indices: [Int], from examples: Examples<Scalar>) {
    let (width, outputs) = (examples.features, examples.outputs)
    for (block, range) in blocks.ranges.enumerated() {
      for row in 0..<range.count {
        let index = indices[range.lowerBound + row]
        inputs[block].slice(row * width..<(row + 1) * width).copy(
          from: examples.inputs(of: index..<index + 1))
        targets[block].slice(row * outputs..<(row + 1) * outputs)
          .copy(from: examples.targets(of: index..<index + 1))
      }
    }
  }
}

extension Examples {
  fileprivate func inputs(of rows: Range<Int>) -> VectorSlice<Scalar> {
    inputs.slice(rows.lowerBound * features..<rows.upperBound * features)
  }

  fileprivate func targets(of rows: Range<Int>) -> VectorSlice<Scalar> {
    targets.slice(rows.lowerBound * outputs..<rows.upperBound * outputs)
  }
}
