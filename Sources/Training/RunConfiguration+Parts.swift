package import Jobs
package import Learning
package import Probes
import Spectra

extension BatchSize {
  /// The number of examples of a step, out of `examples`.
  package func count(of examples: Int) -> Int {
    switch self {
    case .full: examples
    case .examples(let count): count
    }
  }
}

extension RunConfiguration {
  /// The batches of the run.
  package func sampler(examples: Int) -> BatchSampler {
    BatchSampler(examples: examples, batchSize: batchSize.count(of: examples), seed: UInt64(seed))
  }
}

extension MeasurementRule {
  /// The number of examples over which the Hessian is measured, out of `all`.
  package func count(of all: Int) -> Int { examples ?? all }

  /// The examples over which the Hessian is measured.
  package func batch(of all: Int) -> Batch { .spread(count(of: all), of: all) }

  /// The eigenvalues that these settings ask for.
  package var spectra: SharpnessSettings {
    let solver = solver(top, maximum: track == nil ? top : maximumTracked)
    return SharpnessSettings(
      solver: solver, preconditioned: preconditioned, smallest: smallest, track: track,
      coldInterval: coldInterval)
  }
}

extension StopRule {
  /// Whether the run can end before its last step.
  var hasGoal: Bool { trainAccuracy != nil || trainLoss != nil }
}
