import Datasets
import Flows
package import Jobs
import Learning
import Probes

/// What decides how long the parts of a run take: runs that differ only in step size, seed, steps and the like are of one
/// kind.
package struct RunKind: Hashable, Sendable {
  private let objective: ObjectiveKind
  private let process: FlowKind?
  private let flow: FlowRule?

  /// The kind of a run.
  package init(_ run: RunConfiguration) {
    objective = ObjectiveKind(run)
    flow = run.process == nil ? nil : run.flow
    process = run.process
  }
}

/// What decides how long one gradient and one Hessian product take, whatever moves the weights.
struct ObjectiveKind: Hashable, Sendable {
  private let measuredExamples: Int?
  private let data: DataConfiguration
  private let model: ModelConfiguration
  private let loss: Loss
  private let batchSize: BatchSize
  private let blockSize: Int
  private let precision: Precision

  /// The kind of a run's objective.
  init(_ run: RunConfiguration) {
    measuredExamples = run.measure.examples
    (data, model, loss) = (run.data, run.model, run.loss)
    (batchSize, blockSize, precision) = (run.batchSize, run.blockSize, run.precision)
  }
}

/// How much of each part a run, or a step of it, is.
struct RunWork {
  /// Gradients of a batch.
  var gradients = 0.0
  /// Points at which the Hessian is prepared.
  var linearizations = 0.0
  /// Hessian products over the measured examples.
  var products = 0.0

  /// The work of a whole run: one gradient goes before the first step, so that a run without steps costs something too.
  static func whole(_ run: RunConfiguration, layout: ParameterLayout, examples: Int) -> RunWork {
    let steps = Double(run.stop.steps)
    var work = run.stepWork(ofMeasured: examples).times(steps)
    work.gradients += 1
    work.linearizations += run.measure.every.map { (steps / Double($0)).rounded(.up) } ?? 0
    work.products += run.expectedProducts(layout: layout, examples: examples)
    return work
  }

  /// The work of a step at which something is measured, if anything is.
  static func longestStep(_ run: RunConfiguration, layout: ParameterLayout, examples: Int) -> RunWork {
    var work = run.stepWork(ofMeasured: examples)
    guard let every = run.measure.every else { return work }
    let measurements = max((Double(run.stop.steps) / Double(every)).rounded(.up), 1)
    work.linearizations += 1
    work.products += run.expectedProducts(layout: layout, examples: examples) / measurements
    return work
  }

  private func times(_ count: Double) -> RunWork {
    RunWork(gradients: count * gradients, linearizations: count * linearizations, products: count * products)
  }
}

extension RunConfiguration {
  /// The work of moving over a step, with its products counted in such over the measured examples.
  fileprivate func stepWork(ofMeasured examples: Int) -> RunWork {
    var work = stepWork()
    work.products *= Double(examples) / Double(measure.count(of: examples))
    return work
  }
}
