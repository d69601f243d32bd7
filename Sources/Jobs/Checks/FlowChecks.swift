// Whether there is the flow that a run asks for.

internal import Flows
internal import Learning
internal import Problems
import Schema

extension RunConfiguration {
  /// Why there is no such flow for the run; nil where there is, and for runs of an optimizer.
  var missingFlow: Problem? {
    guard let process else { return nil }
    return obstacle(process) ?? kink(process)
  }

  /// What every remedy ends with.
  private static let skip = "'process: optimizer', or leave such points out with 'flow: {unsupported: skip}'"

  private func obstacle(_ flow: FlowKind) -> Problem? {
    if let reason = flow.obstacle(to: optimizer) {
      return Problem(
        "process", "there is no \(flow.rawValue) for the run: \(reason)", remedy: "write \(Self.skip)")
    }
    guard batchSize != .full else { return nil }
    return Problem(
      "batch_size", "there is no \(flow.rawValue) of minibatches: it follows the loss of all examples",
      remedy: "write 'full' or \(Self.skip)")
  }

  private func kink(_ flow: FlowKind) -> Problem? {
    guard flow.needsThirdDerivatives, let kink = model.kink else { return nil }
    return Problem(
      kink.key,
      "a \(flow.rawValue) needs third derivatives, which say nothing of \(kink.name) with its kinks",
      remedy: "choose \(KeyKind.join(kink.smooth)), write another process, or \(Self.skip)")
  }
}

extension SweepPlan {
  /// The runs for which there is the flow that they ask for; the others are left out with a note.
  static func supported(_ runs: [RunConfiguration], notes: inout [String]) -> [RunConfiguration] {
    var reasons: [(sentence: String, count: Int)] = []
    let kept = runs.filter { run in
      guard let sentence = run.missingFlow?.sentence else { return true }
      if let index = reasons.firstIndex(where: { $0.sentence == sentence }) {
        reasons[index].count += 1
      } else {
        reasons.append((sentence, 1))
      }
      return false
    }
    notes += reasons.map { sentence, count in
      "flow.unsupported: \(count == 1 ? "1 point" : "\(count) points") of the grid left out: \(sentence)."
    }
    return kept
  }
}
