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
    set(.trainLoss, result.trainLoss)
    set(.trainAccuracy, result.trainAccuracy)
    set(.gradientNorm, result.gradientNorm)
    set(.stepSize, result.stepSize)
    if !result.measurements.isEmpty {
      set(result.measurements)
      setSpectra(result.measurements)
      setSmallest(result.measurements)
      setQuantities(result.measurements)
    }
    for (variable, texts) in result.labels { set(variable, texts) }
    weights = result.finalWeights
  }

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
    if let data { setSizes(run, data) }
  }

  private mutating func setSizes(_ run: RunConfiguration, _ data: DataFacts) {
    set(.examples, data.examples)
    set(.batchSize, run.batchSize.count(of: data.examples))
    let model = try? run.model.makeModel(features: data.features, outputs: data.outputs, image: data.image)
    if let model { set(.parameters, model.layout.count) }
  }

  private mutating func setOutcome(_ result: RunResult, ranks: Int) {
    switch result.outcome {
    case .finished(let reason):
      status = .finished
      set(.stopReason, reason.rawValue)
    case .diverged(let step):
      status = .diverged
      set(.divergedStep, step)
    }
    set(.learningRate, result.learningRate)
    set(CrossingAnalysis(result))
    set(.batchSize, result.batchSize)
    set(.examples, result.examples)
    set(.parameters, result.parameterCount)
    set(.hessianProducts, result.hessianProducts)
    set(.wallSeconds, result.wallSeconds)
    set(.ranks, ranks)
  }

  private mutating func set(_ analysis: CrossingAnalysis) {
    regime = analysis.regime
    if let step = analysis.firstCrossingStep { set(.firstCrossingStep, step) }
    set(.ratioBeforeCrossing, analysis.ratioBefore ?? .nan)
    set(.ratioAfterCrossing, analysis.ratioAfter ?? .nan)
    set(.plateauRatio, analysis.plateauRatio ?? .nan)
    set(.largestSharpness, analysis.largestSharpness ?? .nan)
    set(.lossIncreases, analysis.lossIncreases)
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

  /// Quantities come by their variables; one that was not measured every time has gaps.
  private mutating func setQuantities(_ measurements: [Measurement]) {
    for variable in Set(measurements.flatMap(\.quantities.keys)) {
      let rows = measurements.map { $0.quantities[variable] ?? [] }
      switch (variable.axes.count > 2, variable.kind) {
      case (true, .flag): set(variable, flagRows: rows.map { $0.map { $0 == 1 } })
      case (true, _): set(variable, rows: rows)
      case (false, .flag): set(variable, flags: rows.map { $0.first.map(Int.init) })
      case (false, _): set(variable, rows.map { $0.first ?? .nan })
      }
    }
  }

  private mutating func set(_ measurements: [Measurement]) {
    set(.measuredStep, measurements.map(\.step))
    set(.stabilityThreshold, measurements.map(\.stabilityThreshold))
    set(.sharpness, measurements.map { $0.hessian.values.first ?? .nan })
    set(.preconditionedSharpness, measurements.map { $0.preconditioned?.values.first ?? .nan })
    set(.testLoss, measurements.map { $0.test?.loss ?? .nan })
    set(.testAccuracy, measurements.map { $0.test?.accuracy ?? .nan })
    set(.gradientAlignment, measurements.map(\.gradientAlignment))
    set(.productsUsed, measurements.map(\.products))
    set(.converged, measurements.map(\.converged))
    if measurements.contains(where: { $0.weights != .iterate }) {
      set(.measuredAt, flags: measurements.map { MeasuredWeights.allCases.firstIndex(of: $0.weights) })
    }
  }

  private mutating func setSpectra(_ measurements: [Measurement]) {
    set(.hessian, measurements.map(\.hessian))
    set(.preconditioned, measurements.map(\.preconditioned))
    set(.hessianSolveProducts, measurements.map(\.solves.hessian))
    set(.preconditionedSolveProducts, measurements.map { $0.solves.preconditioned ?? -1 })
  }

  private mutating func set(_ variables: SpectrumVariables, _ spectra: [Spectrum?]) {
    set(variables.values, rows: spectra.map { $0?.values ?? [] })
    set(variables.residuals, rows: spectra.map { $0?.residuals ?? [] })
    set(variables.errors, rows: spectra.map { $0?.errors ?? [] })
    set(variables.converged, flagRows: spectra.map { $0?.converged ?? [] })
  }

  private mutating func setSmallest(_ measurements: [Measurement]) {
    guard measurements.contains(where: { $0.smallest != nil }) else { return }
    set(.smallestEigenvalue, measurements.map { $0.smallest?.values.first ?? .nan })
    set(.smallestResidual, measurements.map { $0.smallest?.residuals.first ?? .nan })
    set(.smallestError, measurements.map { $0.smallest?.errors.first ?? .nan })
    set(.smallestConverged, flags: measurements.map { $0.smallest?.converged.first.map { $0 ? 1 : 0 } })
    set(.smallestSolveProducts, measurements.map { $0.solves.smallest ?? -1 })
  }
}
