// Checks that need several keys of a run together, or its files.

internal import Learning

/// Checks complete runs before anything is started; looks at every dataset once.
struct RunChecks {
  private var facts: [DataConfiguration: Result<DataFacts, KeyProblem>] = [:]
  private var files: [String: KeyProblem?] = [:]

  /// Reports what is wrong with runs, at the places where their keys were written.
  mutating func check(_ runs: [RunConfiguration], log: inout ProblemLog) {
    for run in runs {
      for problem in problems(of: run) {
        log.report(
          problem.sentence, remedy: problem.remedy, key: problem.key, at: run.settings.place(problem.key))
      }
    }
  }

  private mutating func problems(of run: RunConfiguration) -> [KeyProblem] {
    var problems = [initialWeights(run), gains(run)].compactMap(\.self)
    switch facts(of: run.data) {
    case .failure(let problem): problems.append(problem)
    case .success(let facts):
      problems += [batch(run, facts), loss(run, facts), accuracy(run, facts)].compactMap(\.self)
    }
    return problems
  }

  private mutating func facts(of data: DataConfiguration) -> Result<DataFacts, KeyProblem> {
    if let known = facts[data] { return known }
    let result = Result { () throws(KeyProblem) in try DataFacts(data) }
    facts[data] = result
    return result
  }
}

// MARK: - Single checks

extension RunChecks {
  private func batch(_ run: RunConfiguration, _ facts: DataFacts) -> KeyProblem? {
    guard case .examples(let size) = run.batchSize, let examples = facts.examples, size > examples else {
      return nil
    }
    return KeyProblem(
      "batch_size", "a batch of \(size) is larger than the \(examples) training examples",
      remedy: "write at most \(examples), or 'full'")
  }

  private func loss(_ run: RunConfiguration, _ facts: DataFacts) -> KeyProblem? {
    guard run.loss == .crossEntropy, facts.hasClasses == false else { return nil }
    return KeyProblem(
      "loss", "cross-entropy needs classes, but \(run.data.name) has values to regress",
      remedy: "write 'loss: mse'")
  }

  private func accuracy(_ run: RunConfiguration, _ facts: DataFacts) -> KeyProblem? {
    guard run.stop.trainAccuracy != nil, facts.hasClasses == false else { return nil }
    return KeyProblem(
      "stop.train_accuracy", "\(run.data.name) has no classes, so there is no accuracy",
      remedy: "remove it, or use train_loss")
  }

  private func gains(_ run: RunConfiguration) -> KeyProblem? {
    guard case .mlp(let model) = run.model, model.gains.count > model.hidden.count + 1 else { return nil }
    return KeyProblem(
      "model.gains", "\(model.gains.count) gains for \(model.hidden.count + 1) layers",
      remedy: "write at most one per layer")
  }

  private mutating func initialWeights(_ run: RunConfiguration) -> KeyProblem? {
    guard let path = run.initialWeightsFile else { return nil }
    if let known = files[path] { return known }
    let result = Result { () throws(KeyProblem) in try DataFacts.requireFile(path, key: "init.file") }
    var problem: KeyProblem?
    if case .failure(let failure) = result { problem = failure }
    files[path] = .some(problem)
    return problem
  }
}
