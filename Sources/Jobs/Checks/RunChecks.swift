// Checks that need several keys of a run together, or its files.

import Datasets
internal import Learning
internal import Optimizers
import Probes
internal import Problems
import Schema

/// Checks complete runs before anything is started; looks at every dataset, model and file once.
struct RunChecks {
  private struct ModelAndData: Hashable {
    var model: ModelConfiguration
    var data: DataConfiguration
  }

  private struct DataAndPrecision: Hashable {
    var data: DataConfiguration
    var precision: Precision
  }

  private typealias Finding<Value> = Result<Value, Problem>

  private var facts: [DataAndPrecision: Finding<DataFacts>] = [:]
  private var parameterCounts: [ModelAndData: Finding<Int>] = [:]
  private var weightCounts: [String: Finding<Int>] = [:]
  /// Those of the optimizer of the last run: most neighbours have one.
  private var hyperparameters: (of: OptimizerConfiguration, numbers: [NumberOfKey])?

  /// The datasets that are all right.
  var dataFacts: [DataConfiguration: DataFacts] {
    let known = facts.compactMap { key, finding in (try? finding.get()).map { (key.data, $0) } }
    return Dictionary(known) { first, _ in first }
  }

  /// Reports what is wrong with runs, at the places where their keys were written.
  mutating func check(_ runs: [RunConfiguration], log: inout ProblemLog) {
    for run in runs {
      for problem in problems(of: run) { log.report(problem, at: run.written.place(problem.subject)) }
    }
  }

  private mutating func problems(of run: RunConfiguration) -> [Problem] {
    let weights = run.initialWeightsFile.map { weightCount(inFile: $0) }
    let unreadable: Problem? = if case .failure(let problem) = weights { problem } else { nil }
    switch facts(of: run) {
    case .failure(let problem):
      return numbers(run) + [epsilon(run), run.missingFlow, unreadable, problem].compactMap(\.self)
    case .success(let facts):
      return numbers(run)
        + [
          epsilon(run), run.missingFlow, unreadable, batch(run, facts), measuredExamples(run, facts),
          tracked(run), trackedAtAll(run), loss(run, facts), accuracy(run, facts), model(run, facts),
          initialWeights(run, try? weights?.get(), facts),
        ].compactMap(\.self)
    }
  }

  private mutating func weightCount(inFile path: String) -> Finding<Int> {
    if let known = weightCounts[path] { return known }
    let result = Finding { () throws(Problem) in try WeightsFile.count(path) }
    weightCounts[path] = result
    return result
  }

  private mutating func facts(of run: RunConfiguration) -> Finding<DataFacts> {
    let key = DataAndPrecision(data: run.data, precision: run.precision)
    if let known = facts[key] { return known }
    let result = Finding { () throws(Problem) in try DataFacts(run.data, precision: run.precision) }
    facts[key] = result
    return result
  }

  private mutating func parameterCount(of run: RunConfiguration, _ facts: DataFacts) -> Finding<Int> {
    let pair = ModelAndData(model: run.model, data: run.data)
    if let known = parameterCounts[pair] { return known }
    let result = Finding { () throws(Problem) in try Self.parameterCount(of: run.model, facts) }
    parameterCounts[pair] = result
    return result
  }

  private static func parameterCount(of model: ModelConfiguration, _ facts: DataFacts) throws(Problem)
    -> Int
  {
    try model.makeModel(features: facts.features, outputs: facts.outputs, image: facts.image).layout.count
  }
}

// MARK: - Single checks

extension RunChecks {
  /// MPI counts the elements of a message in 32 bits, and loss and accuracy travel with the gradient.
  private static let maximumParameters = Int(Int32.max) - Passenger.count

  private func schedule(_ run: RunConfiguration) -> Problem? {
    switch run.schedule.course {
    case .constant: nil
    case .piecewise(let steps, let factors): piecewise(steps, factors)
    case .cosine(let steps, _) where steps < run.stop.steps: cosine(steps, warmup: run.schedule.warmup)
    case .cosine: nil
    }
  }

  private func cosine(_ steps: Int, warmup: Int) -> Problem? {
    guard steps <= warmup else { return nil }
    return Problem(
      "schedule.warmup",
      "the cosine is over at step \(steps), before it begins: the warm-up takes \(warmup) steps",
      remedy: "write less than \(steps), or more for 'steps'")
  }

  private func piecewise(_ steps: [Int], _ factors: [Double]) -> Problem? {
    if steps.isEmpty {
      return Problem(
        "schedule.at", "there are no steps at which the step size changes",
        remedy: "write some, or 'name: constant'")
    }
    if steps.count != factors.count {
      return Problem(
        "schedule.factors", "there are \(factors.count) factors for \(steps.count) steps",
        remedy: "write one factor for every step of 'at'")
    }
    guard zip(steps, steps.dropFirst()).allSatisfy(<) else {
      return Problem("schedule.at", "the steps do not increase", remedy: "sort them, each once")
    }
    return nil
  }

  /// What is wrong with the schedule, or else with the numbers, of which it makes step sizes.
  private mutating func numbers(_ run: RunConfiguration) -> [Problem] {
    if let problem = schedule(run) { return [problem] }
    if hyperparameters?.of != run.optimizer { hyperparameters = (run.optimizer, run.optimizer.numbers) }
    return run.numberProblems(hyperparameters?.numbers ?? [])
  }

  /// Adadelta's step is a fraction of its last ones, which begin at 0.
  private func epsilon(_ run: RunConfiguration) -> Problem? {
    guard run.optimizer.name == "adadelta", run.written["optimizer.epsilon"] == .real(0) else { return nil }
    return Problem(
      "optimizer.epsilon", "is 0, with which adadelta never takes a step", remedy: "write more than 0")
  }

  private func batch(_ run: RunConfiguration, _ facts: DataFacts) -> Problem? {
    guard case .examples(let size) = run.batchSize, size > facts.examples else { return nil }
    return Problem(
      "batch_size", "a batch of \(size) is larger than the \(facts.examples) training examples",
      remedy: "write at most \(facts.examples), or 'full'")
  }

  private func measuredExamples(_ run: RunConfiguration, _ facts: DataFacts) -> Problem? {
    guard let count = run.measure.examples, count > facts.examples else { return nil }
    return Problem(
      "measure.examples", "\(count) examples are more than the \(facts.examples) training examples",
      remedy: "write at most \(facts.examples), or 'all'")
  }

  private func tracked(_ run: RunConfiguration) -> Problem? {
    guard run.measure.track != nil, run.measure.maximumTracked < run.measure.top else { return nil }
    return Problem(
      "measure.max_tracked",
      "\(run.measure.maximumTracked) is less than the \(run.measure.top) of measure.top",
      remedy: "write at least \(run.measure.top), or 'track: none'")
  }

  /// The threshold is one for the preconditioned Hessian.
  private func trackedAtAll(_ run: RunConfiguration) -> Problem? {
    guard run.measure.track != nil, run.optimizer.isAdaptive, !run.measure.preconditioned else { return nil }
    return Problem(
      "measure.track",
      "the threshold of \(run.optimizer.name) is one for the preconditioned Hessian, which is not measured",
      remedy: "write 'preconditioned: true' or 'track: none'")
  }

  private func loss(_ run: RunConfiguration, _ facts: DataFacts) -> Problem? {
    guard run.loss == .crossEntropy, let form = facts.summary.valueForm else { return nil }
    return Problem(
      "loss", "cross-entropy needs classes, but \(run.data.name) has \(Self.words(form))",
      remedy: Self.remedy(form, run) ?? "write 'loss: mse'")
  }

  private func accuracy(_ run: RunConfiguration, _ facts: DataFacts) -> Problem? {
    guard run.stop.trainAccuracy != nil, let form = facts.summary.valueForm else { return nil }
    return Problem(
      "stop.train_accuracy",
      "\(run.data.name) has no classes, so there is no accuracy: its targets are \(Self.words(form))",
      remedy: Self.remedy(form, run) ?? "remove it, or use train_loss")
  }

  private static func words(_ form: DatasetSummary.ValueForm) -> String {
    switch form {
    case .values: "values to regress"
    case .classNumbers: "whole numbers of a floating-point type, which are values to regress"
    case .oneHotRows: "one-hot rows of a floating-point type, which are values to regress"
    case .signs: "-1 and +1 of a floating-point type, which are values to regress"
    }
  }

  /// How targets that may be meant as classes become classes; nil where nothing looks like it.
  private static func remedy(_ form: DatasetSummary.ValueForm, _ run: RunConfiguration) -> String? {
    guard case .hdf5 = run.data else { return nil }
    return switch form {
    case .values: nil
    case .classNumbers: "write y as class numbers, integers [n], if they are classes"
    case .oneHotRows: "write y as class numbers, integers [n], as y.argmax(axis=1) gives"
    case .signs: "write y as class numbers 0 and 1, integers [n], with 'targets: signed'"
    }
  }

  private mutating func model(_ run: RunConfiguration, _ facts: DataFacts) -> Problem? {
    switch parameterCount(of: run, facts) {
    case .failure(let problem): return problem
    case .success(let count) where count > Self.maximumParameters:
      return Problem(
        "model.name", "the model has \(count) parameters, more than fit into one message between ranks",
        remedy: "make it smaller: at most \(Self.maximumParameters)")
    case .success(let count) where run.measure.every != nil && run.measure.top > count:
      return Problem(
        "measure.top", "\(run.measure.top) eigenvalues are wanted of a model with \(count) parameters",
        remedy: "write at most \(count)")
    case .success: return nil
    }
  }

  private mutating func initialWeights(_ run: RunConfiguration, _ count: Int?, _ facts: DataFacts)
    -> Problem?
  {
    guard let path = run.initialWeightsFile, let count,
      let parameters = try? parameterCount(of: run, facts).get(),
      count != parameters
    else { return nil }
    return Problem(
      "init.file", "\(path) holds \(count) weights, but the model has \(parameters) parameters",
      remedy: "use weights written for the same model (keep_weights: final)")
  }
}
