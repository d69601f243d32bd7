import Learning
import Measurement
import Spectra

extension BatchSize {
  /// The number of examples of a step, out of `examples`.
  func count(of examples: Int) -> Int {
    switch self {
    case .full: examples
    case .examples(let count): count
    }
  }
}

extension RunConfiguration {
  /// The batches of the run.
  func sampler(examples: Int) -> BatchSampler {
    BatchSampler(examples: examples, batchSize: batchSize.count(of: examples), seed: UInt64(seed))
  }
}

extension MeasurementRule {
  /// The number of examples over which the Hessian is measured, out of `all`.
  func count(of all: Int) -> Int { examples ?? all }

  /// The examples over which the Hessian is measured.
  func batch(of all: Int) -> Batch { .spread(count(of: all), of: all) }

  /// The eigenvalues that these settings ask for.
  var spectra: SharpnessSettings {
    let solver = BlockKrylov(
      count: top, maximumCount: track == nil ? top : maximumTracked, tolerance: tolerance,
      maximumProducts: maximumProducts)
    return SharpnessSettings(
      solver: solver, preconditioned: preconditioned, smallest: smallest, track: track,
      coldInterval: coldInterval)
  }
}

extension StopRule {
  /// Whether the run can end before its last step.
  var hasGoal: Bool { trainAccuracy != nil || trainLoss != nil }
}
