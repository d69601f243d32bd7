// What decides the weights of a run step by step, apart from what decides where it ends and what is kept of it.

import Optimizers
package import Schema

extension RunConfiguration {
  /// 16 hexadecimal digits that runs share whose weights are the same step by step, as far as both go.
  public var trajectory: String { trajectory(settings) }

  /// The same of the run's settings, for those who need more of them than this.
  package func trajectory(_ settings: Settings) -> String {
    RunIdentity.hash(
      canonicalText(of: settings) { path in
        Self.isOfEnd(path) || (path.hasPrefix("measure.") && learningRateUnit == .absolute)
      },
      bytes: 8)
  }

  /// 16 hexadecimal digits that runs share which also record the same: the longer one goes on from the end of the other.
  public var continuation: String {
    // What was not kept on the way cannot be had afterwards.
    let kept = keptWeights.interval.map { " weights every \($0)" } ?? ""
    return RunIdentity.hash(canonicalText(of: settings, leavingOut: Self.isOfEnd) + kept, bytes: 8)
  }

  private static func isOfEnd(_ path: String) -> Bool {
    path.hasPrefix("stop.") || path == "keep_weights" || path == "keep_state"
  }

  /// A cosine that comes down at the last step is another one in a longer run.
  private func canonicalText(of settings: Settings, leavingOut isLeftOut: (String) -> Bool) -> String {
    let json = RunIdentity.json(of: settings, leavingOut: isLeftOut).text
    var text = "eos-sweep trajectory \(RunIdentity.schemaVersion) \(json)"
    if case .cosine(let steps, _) = schedule.course { text += " cosine to \(steps)" }
    return text
  }
}
