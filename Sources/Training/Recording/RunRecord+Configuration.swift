import Datasets
import Flows
package import Jobs
import Learning
import Optimizers
import Probes
import Schema
package import Shards

extension RunRecord {
  /// The record of a run that could not be computed.
  package init(failed run: RunConfiguration, data: DataFacts?, message: String) {
    self.init(configuration: run, data: data)
    status = .failed
    set(.error, message)
  }

  /// The record of a run of which only the configuration is known, and its data where that could be looked at.
  package init(configuration run: RunConfiguration, data: DataFacts?) {
    self.init(id: run.id)
    set(.optimizer, run.optimizer.name)
    switch run.learningRateUnit {
    case .absolute: set(.learningRate, run.learningRate)
    case .critical: set(.relativeLearningRate, run.learningRate)
    }
    set(.schedule, run.schedule.course.name)
    if run.schedule.warmup > 0 { set(.warmup, run.schedule.warmup) }
    set(run.optimizer.hyperparameters)
    if case .examples(let count) = run.batchSize { set(.batchSize, count) }
    if let examples = run.measure.examples { set(.measuredExamples, examples) }
    set(.blockSize, run.blockSize)
    set(.seed, run.seed)
    set(.precision, run.precision.rawValue)
    set(.model, run.model.name)
    set(.loss, run.loss.rawValue)
    set(.dataset, run.data.name)
    set(.configJson, run.configJSON)
    set(.trajectory, run.trajectory)
    if let flow = run.process { set(.process, flow.rawValue) }
    if let data { setSizes(run, data) }
  }

  private mutating func setSizes(_ run: RunConfiguration, _ data: DataFacts) {
    set(.examples, data.examples)
    set(.batchSize, run.batchSize.count(of: data.examples))
    let model = try? run.model.makeModel(features: data.features, outputs: data.outputs, image: data.image)
    if let model { set(.parameters, model.layout.count) }
  }

  private mutating func set(_ hyperparameters: Hyperparameters) {
    for parameter in hyperparameters.present {
      switch hyperparameters[value: parameter] {
      case .real(let value): set(parameter.variable, value)
      case .flag(let value): set(parameter.variable, value)
      case .integer(let value): set(parameter.variable, value)
      case nil, .text, .integers, .reals: break
      }
    }
  }
}
