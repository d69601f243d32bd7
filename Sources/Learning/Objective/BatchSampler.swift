import LinearAlgebra

/// The batch of every step: a fresh permutation per epoch, drawn without replacement.
///
/// An epoch has `floor(examples / batchSize)` steps; the examples left over at its end are skipped, others each time.
/// The batch is a pure function of seed and step.
public struct BatchSampler: Sendable {
  private let examples: Int
  private let batchSize: Int
  private let seed: UInt64
  private var epoch = -1
  private var permutation: [Int] = []

  /// Creates the sampler; a batch of all `examples` is the full training set, in file order.
  public init(examples: Int, batchSize: Int, seed: UInt64) {
    precondition((1...examples).contains(batchSize), "A batch has between one and all of the examples.")
    self.examples = examples
    self.batchSize = batchSize
    self.seed = seed
  }

  /// The batch of a step, counted from 0; mutating only to keep the permutation of the epoch.
  public mutating func batch(at step: Int) -> Batch {
    guard batchSize < examples else { return .full }
    let (epoch, position) = step.quotientAndRemainder(dividingBy: examples / batchSize)
    if epoch != self.epoch {
      permutation = Philox(seed: seed, stream: .batches, substream: UInt32(epoch)).permutation(
        count: examples)
      self.epoch = epoch
    }
    return .examples(Array(permutation[position * batchSize..<(position + 1) * batchSize]))
  }
}
