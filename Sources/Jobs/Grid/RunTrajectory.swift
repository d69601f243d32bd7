// What decides the weights of a run step by step, apart from what decides where it ends and what is kept of it.

import Optimizers
import Schema

extension RunConfiguration {
  /// 16 hexadecimal digits that runs share whose weights are the same step by step, as far as both go.
  public var trajectory: String {
    RunIdentity.hash(canonicalText(texts.trajectory(of: self)), bytes: 8)
  }

  /// 16 hexadecimal digits that runs share which also record the same: the longer one goes on from the end of the other.
  public var continuation: String {
    // What was not kept on the way cannot be had afterwards.
    let kept = keptWeights.interval.map { " weights every \($0)" } ?? ""
    let json = RunIdentity.json(of: settings, leavingOut: Self.isOfEnd).text
    return RunIdentity.hash(canonicalText(json) + kept, bytes: 8)
  }

  /// Whether a key does not change the weights: what is measured does where step sizes count in measured ones.
  func isLeftOutOfTrajectory(_ path: String) -> Bool {
    Self.isOfEnd(path) || (path.hasPrefix("measure.") && learningRateUnit == .absolute)
  }

  private static func isOfEnd(_ path: String) -> Bool {
    path.hasPrefix("stop.") || path == "keep_weights" || path == "keep_state"
  }

  /// A cosine that comes down at the last step is another one in a longer run.
  private func canonicalText(_ json: String) -> String {
    var text = "eos-sweep trajectory \(RunIdentity.schemaVersion) \(json)"
    if case .cosine(let steps, _) = schedule.course { text += " cosine to \(steps)" }
    return text
  }
}
