import Datasets
package import Jobs
import Learning
import Probes
import Optimizers
package import Shards
import Schema

extension RunRecord {
  /// The record of a run that was computed.
  package init(_ run: RunConfiguration, result: RunResult, ranks: Int) {
    self.init(configuration: run, data: nil)
    setOutcome(result, ranks: ranks)
    set("train_loss", result.trainLoss)
    set("train_accuracy", result.trainAccuracy)
    set("gradient_norm", result.gradientNorm)
    set("step_size", result.stepSize)
    if !result.measurements.isEmpty {
      set(result.measurements)
      setSpectra(result.measurements)
      setSmallest(result.measurements)
      setQuantities(result.measurements)
    }
    for (variable, texts) in result.labels { set(variable.name, texts) }
    weights = result.finalWeights
  }

  /// The record of a run that could not be computed.
  package init(failed run: RunConfiguration, data: DataFacts?, message: String) {
    self.init(configuration: run, data: data)
    status = .failed
    set("error", message)
  }

  /// The record of a run of which only the configuration is known, and its data where that could be looked at.
  package init(configuration run: RunConfiguration, data: DataFacts?) {
    self.init(id: run.id)
    set("optimizer", run.optimizer.name)
    switch run.learningRateUnit {
    case .absolute: set("learning_rate", run.learningRate)
    case .critical: set("relative_learning_rate", run.learningRate)
    }
    set("schedule", run.schedule.course.name)
    if run.schedule.warmup > 0 { set("warmup", run.schedule.warmup) }
    set(run.optimizer.hyperparameters)
    if case .examples(let count) = run.batchSize { set("batch_size", count) }
    if let examples = run.measure.examples { set("measured_examples", examples) }
    set("block_size", run.blockSize)
    set("seed", run.seed)
    set("precision", run.precision.rawValue)
    set("model", run.model.name)
    set("loss", run.loss.rawValue)
    set("dataset", run.data.name)
    set("config_json", run.configJSON)
    if let data { setSizes(run, data) }
  }

  private mutating func setSizes(_ run: RunConfiguration, _ data: DataFacts) {
    set("examples", data.examples)
    set("batch_size", run.batchSize.count(of: data.examples))
    let model = try? run.model.makeModel(features: data.features, outputs: data.outputs, image: data.image)
    if let model { set("parameters", model.layout.count) }
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
    set("learning_rate", result.learningRate)
    set(CrossingAnalysis(result))
    set("batch_size", result.batchSize)
    set("examples", result.examples)
    set("parameters", result.parameterCount)
    set("hessian_products", result.hessianProducts)
    set("wall_seconds", result.wallSeconds)
    set("ranks", ranks)
  }

  private mutating func set(_ analysis: CrossingAnalysis) {
    regime = analysis.regime
    if let step = analysis.firstCrossingStep { set("first_crossing_step", step) }
    set("ratio_before_crossing", analysis.ratioBefore ?? .nan)
    set("ratio_after_crossing", analysis.ratioAfter ?? .nan)
    set("plateau_ratio", analysis.plateauRatio ?? .nan)
    set("largest_sharpness", analysis.largestSharpness ?? .nan)
    set("loss_increases", analysis.lossIncreases)
  }

  private mutating func set(_ hyperparameters: Hyperparameters) {
    for parameter in hyperparameters.present {
      switch hyperparameters[value: parameter] {
      case .real(let value): set(parameter.name, value)
      case .flag(let value): set(parameter.name, value)
      case .integer(let value): set(parameter.name, value)
      case nil, .text, .integers, .reals: break
      }
    }
  }

  /// Quantities come by their variables; one that was not measured every time has gaps.
  private mutating func setQuantities(_ measurements: [Measurement]) {
    for variable in Set(measurements.flatMap(\.quantities.keys)) {
      let (name, rows) = (variable.name, measurements.map { $0.quantities[variable] ?? [] })
      switch (variable.axes.count > 2, variable.kind) {
      case (true, .flag): set(name, flagRows: rows.map { $0.map { $0 == 1 } })
      case (true, _): set(name, rows: rows)
      case (false, .flag): set(name, flags: rows.map { $0.first.map(Int.init) })
      case (false, _): set(name, rows.map { $0.first ?? .nan })
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
    if measurements.contains(where: { $0.weights != .iterate }) {
      set("measured_at", flags: measurements.map { MeasuredWeights.allCases.firstIndex(of: $0.weights) })
    }
  }

  private mutating func setSpectra(_ measurements: [Measurement]) {
    for (name, spectra) in [
      ("hessian", measurements.map { $0.hessian }), ("preconditioned", measurements.map(\.preconditioned)),
    ] as [(String, [Spectrum?])] {
      set("\(name)_eigenvalues", rows: spectra.map { $0?.values ?? [] })
      set("\(name)_residuals", rows: spectra.map { $0?.residuals ?? [] })
      set("\(name)_errors", rows: spectra.map { $0?.errors ?? [] })
      set("\(name)_converged", flagRows: spectra.map { $0?.converged ?? [] })
    }
    set("hessian_solve_products", measurements.map(\.solves.hessian))
    set("preconditioned_solve_products", measurements.map { $0.solves.preconditioned ?? -1 })
  }

  private mutating func setSmallest(_ measurements: [Measurement]) {
    guard measurements.contains(where: { $0.smallest != nil }) else { return }
    set("smallest_eigenvalue", measurements.map { $0.smallest?.values.first ?? .nan })
    set("smallest_residual", measurements.map { $0.smallest?.residuals.first ?? .nan })
    set("smallest_error", measurements.map { $0.smallest?.errors.first ?? .nan })
    set("smallest_converged", flags: measurements.map { $0.smallest?.converged.first.map { $0 ? 1 : 0 } })
    set("smallest_solve_products", measurements.map { $0.solves.smallest ?? -1 })
  }
}
