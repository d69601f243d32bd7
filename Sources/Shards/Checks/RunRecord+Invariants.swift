internal import Probes
internal import Schema

// What holds for the values of every run, whatever it computed.

extension RunRecord {
  /// The invariants that are broken, in sentences.
  var brokenInvariants: [String] {
    outcomeProblems + wordProblems + countProblems + lossProblems + measurementProblems
      + [SpectrumVariables.hessian, .preconditioned].flatMap(spectrumProblems)
      + Self.bounded.flatMap { boundProblems($0.value, $0.residual, $0.error) }
      + Self.fractions.flatMap(fractionProblems)
      + [\VariablePair.hessian, \.preconditioned].flatMap(densityProblems)
  }

  private static let fractions: [Variable] = [
    .trainAccuracy, .testAccuracy, .gradientAlignment, AlignmentConfiguration.alignments,
    OverlapConfiguration.overlaps.hessian, OverlapConfiguration.overlaps.preconditioned,
  ]

  private var outcomeProblems: [String] {
    let diverged = integer(.divergedStep)
    var problems: [String] = []
    if status == .finished && text(.stopReason) == nil {
      problems.append("it finished without a stop_reason")
    }
    if (status == .halted) != (text(.stopDetail) != nil) || status == .halted && text(.stopReason) == nil {
      problems.append("its status is \(status.name), but stop_reason and stop_detail do not belong to it")
    }
    if status == .failed && text(.error) == nil { problems.append("it failed without an error") }
    if status == .pending && stepCount > 0 { problems.append("it is pending, but has recorded steps") }
    if (status == .diverged) != (diverged != nil) {
      problems.append(
        "its status is \(status.name), its diverged_step \(diverged.map(String.init) ?? "missing")")
    }
    if let diverged, !(0...stepCount).contains(diverged) {
      problems.append("diverged_step is \(diverged), steps_taken \(stepCount)")
    }
    if let weights, integer(.parameters) != weights.count {
      problems.append("weights_kept is \(weights.count), not the number of parameters")
    }
    return problems + keptProblems
  }

  private var keptProblems: [String] {
    let steps = integers(.keptStep)
    guard !steps.isEmpty else { return [] }
    var problems: [String] = []
    if !zip(steps, steps.dropFirst()).allSatisfy(<)
      || !steps.allSatisfy({ (0...Int64(stepCount)).contains($0) })
    {
      problems.append("kept_step does not increase, or leaves the recorded steps")
    }
    if integer(.parameters) != extents[.parameter] {
      problems.append("kept_weights has \(extents[.parameter]) values per step, not the number of parameters")
    }
    return problems
  }

  private var wordProblems: [String] {
    VariableTable.all.compactMap { variable in
      switch variable.kind {
      case .flag(let words):
        let isUnknown = flags(variable).contains { $0 < -1 || $0 >= Int8(words.count) }
        return isUnknown ? "\(variable.name) holds a flag without a meaning" : nil
      case .word(let words):
        let word = text(variable) ?? ""
        let isNeeded = variable == .status
        return words.contains(word) || (word.isEmpty && !isNeeded)
          ? nil : "\(variable.name) is '\(word)' instead of one of \(words.joined(separator: ", "))"
      default: return nil
      }
    }
  }

  private var countProblems: [String] {
    VariableTable.all.filter { $0.kind == .count && (integer($0) ?? 0) < 0 }.map {
      "\($0.name) is negative"
    }
  }

  /// Only a run that diverged may have losses that are not finite.
  private var lossProblems: [String] {
    let bad = reals(.trainLoss).firstIndex { !$0.isFinite }
    guard let bad, status != .diverged else { return [] }
    return ["train_loss is \(reals(.trainLoss)[bad]) at step \(bad), but it did not diverge"]
  }

  private var measurementProblems: [String] {
    let steps = integers(.measuredStep)
    var problems: [String] = []
    if !zip(steps, steps.dropFirst()).allSatisfy(<) { problems.append("measured_step does not increase") }
    if !steps.allSatisfy({ (0...Int64(stepCount)).contains($0) }) {
      problems.append("measured_step leaves the recorded steps")
    }
    if let crossing = integer(.firstCrossingStep), !steps.contains(Int64(crossing)) {
      problems.append("first_crossing_step is \(crossing), where nothing was measured")
    }
    return problems
  }

  private func spectrumProblems(_ spectrum: SpectrumVariables) -> [String] {
    guard eigenvalueCount > 0 else { return [] }
    let (values, residuals) = (reals(spectrum.values), reals(spectrum.residuals))
    let firsts = stride(from: 0, to: values.count, by: eigenvalueCount)
    var problems: [String] = []
    if firsts.contains(where: { !isDescending(values[$0..<$0 + eigenvalueCount]) }) {
      problems.append("\(spectrum.values.name) do not descend")
    }
    if !zip(values, residuals).allSatisfy({ $0.isNaN == $1.isNaN && !($1 < 0) }) {
      problems.append("\(spectrum.residuals.name) do not belong to the eigenvalues")
    }
    if !zip(reals(spectrum.errors), residuals).allSatisfy({ $0.isNaN || (0...$1).contains($0) }) {
      problems.append("\(spectrum.errors.name) are larger than the residuals")
    }
    let largest = reals(spectrum.largest)
    if !zip(largest, firsts).allSatisfy({ $0 == values[$1] || ($0.isNaN && values[$1].isNaN) }) {
      problems.append("\(spectrum.largest.name) is not the first of \(spectrum.values.name)")
    }
    return problems
  }

  /// Whether values do not rise, and missing ones come last.
  private func isDescending(_ values: ArraySlice<Double>) -> Bool {
    zip(values, values.dropFirst()).allSatisfy { $0 >= $1 || $1.isNaN }
  }

  private func densityProblems(_ matrix: KeyPath<VariablePair, Variable>) -> [String] {
    let name = DensityConfiguration.weights[keyPath: matrix].name
    let nodes = reals(DensityConfiguration.nodes[keyPath: matrix])
    let weights = reals(DensityConfiguration.weights[keyPath: matrix])
    let width = extents[.densityNode]
    guard width > 0 else { return [] }
    let sums = stride(from: 0, to: weights.count, by: width).map { first in
      weights[first..<first + width].reduce(0) { $1.isNaN ? $0 : $0 + $1 }
    }
    var problems: [String] = []
    if !zip(nodes, weights).allSatisfy({ $0.isNaN == $1.isNaN && !($1 < 0) }) {
      problems.append("\(name) do not belong to the nodes")
    }
    if !sums.allSatisfy({ $0 == 0 || abs($0 - 1) < 1e-6 }) {
      problems.append("\(name) do not sum to 1")
    }
    return problems
  }

  /// Single values that are searched for, with their residuals and, where there is one, the estimate of their error.
  private static let bounded: [(value: Variable, residual: Variable, error: Variable?)] = [
    (.smallestEigenvalue, .smallestResidual, .smallestError),
    (LayerConfiguration.sharpness, LayerConfiguration.residuals, nil),
    (BatchHessianConfiguration.sharpness, BatchHessianConfiguration.residual, nil),
  ]

  private func boundProblems(_ value: Variable, _ residual: Variable, _ error: Variable?) -> [String] {
    let residuals = reals(residual)
    var problems: [String] = []
    if !zip(reals(value), residuals).allSatisfy({ $0.isNaN == $1.isNaN && !($1 < 0) }) {
      problems.append("\(residual.name) does not belong to \(value.name)")
    }
    if let error, !zip(reals(error), residuals).allSatisfy({ $0.isNaN || ($0 >= 0 && $0 <= $1) }) {
      problems.append("\(error.name) is larger than \(residual.name)")
    }
    return problems
  }

  private func fractionProblems(_ variable: Variable) -> [String] {
    reals(variable).allSatisfy { $0.isNaN || (0...1).contains($0) }
      ? [] : ["\(variable.name) leaves the interval from 0 to 1"]
  }
}
