internal import Learning
internal import LinearAlgebra
internal import Spectra

extension MeasurementPoint {
  /// Batches of the run's size, drawn for this measurement; nil where the run takes full batches.
  ///
  /// As in training they are cut from permutations of the examples, so that those of one permutation share
  /// none.
  func drawBatches(_ count: Int, _ stream: Philox.Stream) -> [Batch]? {
    guard let size = run.batch.count, size < objective.exampleCount else { return nil }
    var sampler = BatchSampler(
      examples: objective.exampleCount, batchSize: size, seed: random(stream).bits(0))
    return (0..<count).map { sampler.batch(at: $0) }
  }
}

extension Batch {
  /// The number of examples; nil for all.
  var count: Int? {
    switch self {
    case .full: nil
    case .examples(let indices): indices.count
    }
  }
}

extension SymmetricOperator {
  /// `x^T A x / x^T x`.
  func rayleighQuotient(_ x: Vector<Scalar>, scratch: Vector<Scalar>) throws -> Double {
    try apply(x, into: scratch)
    return x.dot(scratch) / x.dot(x)
  }
}
