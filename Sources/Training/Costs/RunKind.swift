import Datasets
package import Jobs
import Learning
import Probes

/// What decides how long the parts of a run take: runs that differ only in step size, seed, steps and the like are of one
/// kind.
package struct RunKind: Hashable, Sendable {
  private let measuredExamples: Int?
  private let data: DataConfiguration
  private let model: ModelConfiguration
  private let loss: Loss
  private let batchSize: BatchSize
  private let blockSize: Int
  private let precision: Precision

  /// The kind of a run.
  package init(_ run: RunConfiguration) {
    measuredExamples = run.measure.examples
    (data, model, loss) = (run.data, run.model, run.loss)
    (batchSize, blockSize, precision) = (run.batchSize, run.blockSize, run.precision)
  }
}

/// How much of each part a run is.
struct RunWork {
  /// Gradients of a batch: one goes before the first step, so that a run without steps costs something too.
  let gradients: Double
  /// Points at which something is measured.
  let measurements: Double
  /// Hessian products over the measured examples.
  let products: Double

  init(_ run: RunConfiguration, layout: ParameterLayout, examples: Int) {
    let steps = Double(run.stop.steps)
    gradients = steps + 1
    measurements = run.measure.every.map { (steps / Double($0)).rounded(.up) } ?? 0
    products = run.expectedProducts(layout: layout, examples: examples)
  }
}
