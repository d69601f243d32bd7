internal import Schema

// What holds for the values of every run, whatever it computed.

extension RunRecord {
  /// The invariants that are broken, in sentences.
  var brokenInvariants: [String] {
    outcomeProblems + wordProblems + countProblems + lossProblems + measurementProblems
      + spectrumProblems("hessian", largest: "sharpness")
      + spectrumProblems("preconditioned", largest: "preconditioned_sharpness")
      + Self.bounded.flatMap { boundProblems($0.value, $0.residual, $0.error) }
      + Self.fractions.flatMap(fractionProblems)
      + ["hessian_density", "preconditioned_density"].flatMap(densityProblems)
  }

  private static let fractions = [
    "train_accuracy", "test_accuracy", "gradient_alignment", "gradient_alignments", "hessian_overlaps",
    "preconditioned_overlaps",
  ]

  private var outcomeProblems: [String] {
    let diverged = integer("diverged_step")
    var problems: [String] = []
    if status == .finished && text("stop_reason") == nil {
      problems.append("it finished without a stop_reason")
    }
    if status == .failed && text("error") == nil { problems.append("it failed without an error") }
    if status == .pending && stepCount > 0 { problems.append("it is pending, but has recorded steps") }
    if (status == .diverged) != (diverged != nil) {
      problems.append(
        "its status is \(status.name), its diverged_step \(diverged.map(String.init) ?? "missing")")
    }
    if let diverged, !(0...stepCount).contains(diverged) {
      problems.append("diverged_step is \(diverged), steps_taken \(stepCount)")
    }
    if let weights, integer("parameters") != weights.count {
      problems.append("weights_kept is \(weights.count), not the number of parameters")
    }
    return problems
  }

  private var wordProblems: [String] {
    VariableTable.all.compactMap { variable in
      switch variable.kind {
      case .flag(let words):
        let isUnknown = flags(variable.name).contains { $0 < -1 || $0 >= Int8(words.count) }
        return isUnknown ? "\(variable.name) holds a flag without a meaning" : nil
      case .word(let words):
        let word = text(variable.name) ?? ""
        let isNeeded = variable.name == "status"
        return words.contains(word) || (word.isEmpty && !isNeeded)
          ? nil : "\(variable.name) is '\(word)' instead of one of \(words.joined(separator: ", "))"
      default: return nil
      }
    }
  }

  private var countProblems: [String] {
    VariableTable.all.filter { $0.kind == .count && (integer($0.name) ?? 0) < 0 }.map {
      "\($0.name) is negative"
    }
  }

  /// Only a run that diverged may have losses that are not finite.
  private var lossProblems: [String] {
    let bad = reals("train_loss").firstIndex { !$0.isFinite }
    guard let bad, status != .diverged else { return [] }
    return ["train_loss is \(reals("train_loss")[bad]) at step \(bad), but it did not diverge"]
  }

  private var measurementProblems: [String] {
    let steps = integers("measured_step")
    var problems: [String] = []
    if !zip(steps, steps.dropFirst()).allSatisfy(<) { problems.append("measured_step does not increase") }
    if !steps.allSatisfy({ (0...Int64(stepCount)).contains($0) }) {
      problems.append("measured_step leaves the recorded steps")
    }
    if let crossing = integer("first_crossing_step"), !steps.contains(Int64(crossing)) {
      problems.append("first_crossing_step is \(crossing), where nothing was measured")
    }
    return problems
  }

  private func spectrumProblems(_ name: String, largest: String) -> [String] {
    guard eigenvalueCount > 0 else { return [] }
    let (values, residuals) = (reals(name + "_eigenvalues"), reals(name + "_residuals"))
    let firsts = stride(from: 0, to: values.count, by: eigenvalueCount)
    var problems: [String] = []
    if firsts.contains(where: { !isDescending(values[$0..<$0 + eigenvalueCount]) }) {
      problems.append("\(name)_eigenvalues do not descend")
    }
    if !zip(values, residuals).allSatisfy({ $0.isNaN == $1.isNaN && !($1 < 0) }) {
      problems.append("\(name)_residuals do not belong to the eigenvalues")
    }
    if !zip(reals(name + "_errors"), residuals).allSatisfy({ $0.isNaN || (0...$1).contains($0) }) {
      problems.append("\(name)_errors are larger than the residuals")
    }
    if !zip(reals(largest), firsts).allSatisfy({ $0 == values[$1] || ($0.isNaN && values[$1].isNaN) }) {
      problems.append("\(largest) is not the first of \(name)_eigenvalues")
    }
    return problems
  }

  /// Whether values do not rise, and missing ones come last.
  private func isDescending(_ values: ArraySlice<Double>) -> Bool {
    zip(values, values.dropFirst()).allSatisfy { $0 >= $1 || $1.isNaN }
  }

  private func densityProblems(_ name: String) -> [String] {
    let (nodes, weights, width) = (reals(name + "_nodes"), reals(name + "_weights"), extents[.densityNode])
    guard width > 0 else { return [] }
    let sums = stride(from: 0, to: weights.count, by: width).map { first in
      weights[first..<first + width].reduce(0) { $1.isNaN ? $0 : $0 + $1 }
    }
    var problems: [String] = []
    if !zip(nodes, weights).allSatisfy({ $0.isNaN == $1.isNaN && !($1 < 0) }) {
      problems.append("\(name)_weights do not belong to the nodes")
    }
    if !sums.allSatisfy({ $0 == 0 || abs($0 - 1) < 1e-6 }) {
      problems.append("\(name)_weights do not sum to 1")
    }
    return problems
  }

  /// Single values that are searched for, with their residuals and, where there is one, the estimate of their error.
  private static let bounded: [(value: String, residual: String, error: String?)] = [
    ("smallest_eigenvalue", "smallest_residual", "smallest_error"),
    ("layer_sharpness", "layer_residuals", nil),
    ("batch_hessian_sharpness", "batch_hessian_residual", nil),
  ]

  private func boundProblems(_ value: String, _ residual: String, _ error: String?) -> [String] {
    let residuals = reals(residual)
    var problems: [String] = []
    if !zip(reals(value), residuals).allSatisfy({ $0.isNaN == $1.isNaN && !($1 < 0) }) {
      problems.append("\(residual) does not belong to \(value)")
    }
    if let error, !zip(reals(error), residuals).allSatisfy({ $0.isNaN || ($0 >= 0 && $0 <= $1) }) {
      problems.append("\(error) is larger than \(residual)")
    }
    return problems
  }

  private func fractionProblems(_ name: String) -> [String] {
    reals(name).allSatisfy { $0.isNaN || (0...1).contains($0) }
      ? [] : ["\(name) leaves the interval from 0 to 1"]
  }
}
