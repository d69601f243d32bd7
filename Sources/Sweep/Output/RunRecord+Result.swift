import Learning
import Measurement
import Optimizers
import Shards

extension RunRecord {
  /// The record of a run that was computed.
  init(_ run: RunConfiguration, result: RunResult, ranks: Int) {
    self.init(configuration: run)
    setOutcome(result, ranks: ranks)
    set("train_loss", result.trainLoss)
    set("train_accuracy", result.trainAccuracy)
    set("gradient_norm", result.gradientNorm)
    if !result.measurements.isEmpty {
      set(result.measurements)
      setQuantities(result.measurements)
    }
    for (name, texts) in result.labels { set(name, texts) }
    weights = result.finalWeights
  }

  /// The record of a run that could not be computed.
  init(failed run: RunConfiguration, message: String) {
    self.init(configuration: run)
    status = .failed
    set("error", message)
  }

  /// The record of a run of which only the configuration is known.
  init(configuration run: RunConfiguration) {
    self.init(id: run.id)
    set("optimizer", run.optimizer.name)
    set("learning_rate", run.learningRate)
    setHyperparameters(run.optimizer)
    if case .examples(let count) = run.batchSize { set("batch_size", count) }
    if let examples = run.measure.examples { set("measured_examples", examples) }
    set("block_size", run.blockSize)
    set("seed", run.seed)
    set("precision", run.precision.rawValue)
    set("model", run.model.name)
    set("loss", run.loss.rawValue)
    set("dataset", run.data.name)
    set("config_json", run.configJSON)
  }

  private mutating func setOutcome(_ result: RunResult, ranks: Int) {
    switch result.outcome {
    case .finished(let reason):
      status = .finished
      set("stop_reason", reason.rawValue)
    case .diverged(let step):
      status = .diverged
      set("diverged_step", step)
    }
    if let step = result.firstCrossingStep { set("first_crossing_step", step) }
    set("batch_size", result.batchSize)
    set("examples", result.examples)
    set("parameters", result.parameterCount)
    set("hessian_products", result.hessianProducts)
    set("wall_seconds", result.wallSeconds)
    set("ranks", ranks)
  }

  private mutating func setHyperparameters(_ optimizer: OptimizerConfiguration) {
    switch optimizer {
    case .gradientDescent: break
    case .heavyBall(let momentum), .nesterov(let momentum): set("momentum", momentum)
    case .rmsprop(let beta2, let epsilon, let biasCorrection):
      set("beta2", beta2)
      set("epsilon", epsilon)
      set("bias_correction", biasCorrection)
    case .adam(let beta1, let beta2, let epsilon, let biasCorrection):
      set("beta1", beta1)
      set("beta2", beta2)
      set("epsilon", epsilon)
      set("bias_correction", biasCorrection)
    }
  }

  /// Quantities carry the names of their variables; one that was not measured every time has gaps.
  private mutating func setQuantities(_ measurements: [Measurement]) {
    for name in Set(measurements.flatMap(\.quantities.keys)) {
      let rows = measurements.map { $0.quantities[name] ?? [] }
      if VariableTable.variable(name).axes.count > 2 {
        set(name, rows: rows)
      } else {
        set(name, rows.map { $0.first ?? .nan })
      }
    }
  }

  private mutating func set(_ measurements: [Measurement]) {
    set("measured_step", measurements.map(\.step))
    set("stability_threshold", measurements.map(\.stabilityThreshold))
    set("sharpness", measurements.map { $0.hessian.values.first ?? .nan })
    set("preconditioned_sharpness", measurements.map { $0.preconditioned?.values.first ?? .nan })
    set("test_loss", measurements.map { $0.test?.loss ?? .nan })
    set("test_accuracy", measurements.map { $0.test?.accuracy ?? .nan })
    set("gradient_alignment", measurements.map(\.gradientAlignment))
    set("products_used", measurements.map(\.products))
    set("converged", measurements.map(\.converged))
    set("hessian_eigenvalues", rows: measurements.map(\.hessian.values))
    set("hessian_residuals", rows: measurements.map(\.hessian.residuals))
    set("preconditioned_eigenvalues", rows: measurements.map { $0.preconditioned?.values ?? [] })
    set("preconditioned_residuals", rows: measurements.map { $0.preconditioned?.residuals ?? [] })
  }
}
