import Files
package import Jobs
package import Problems

/// Where the states of a sweep's runs lie: those of runs under way, and those kept at the end.
package struct RunFiles: Sendable {
  /// The directory of checkpoints.
  package let checkpoints: String
  /// The directory of kept states.
  package let states: String

  /// Names the directories.
  package init(checkpoints: String, states: String) {
    (self.checkpoints, self.states) = (checkpoints, states)
  }

  /// A kept state, as the name of its file tells.
  package struct KeptState: Sendable {
    /// The file.
    package var path: String
    /// The run that kept it.
    package var run: String
    /// The step before which it is.
    package var step: Int
    /// What runs share that go on from it (`RunConfiguration.continuation`).
    package var continuation: String
  }

  /// Where a run keeps its state at a step.
  package func keptState(of run: RunConfiguration, step: Int) -> String {
    "\(states)/\(run.id).step\(step).\(run.continuation).h5"
  }

  /// All kept states, or those that runs of a continuation can go on from.
  package func keptStates(
    continuing continuation: @autoclosure () -> String = ""
  ) throws(Problem) -> [KeptState] {
    // Nothing dear before it is needed, since every run asks that starts, and in most sweeps there are none.
    guard let names = try Directory.names(states), !names.isEmpty else { return [] }
    let continuation = continuation()
    return names.compactMap { name in
      guard name.hasSuffix("\(continuation).h5"),
        let match = name.wholeMatch(of: /(.+)\.step(\d+)\.([0-9a-f]{16})\.h5/), let step = Int(match.2)
      else { return nil }
      return KeptState(
        path: "\(states)/\(name)", run: String(match.1), step: step, continuation: String(match.3))
    }
  }

  /// The state that a run branches off from, out of all that are kept.
  ///
  /// - Throws: a problem that names what there is, where it is not among them.
  package func origin(_ origin: RunOrigin, among kept: [KeptState]) throws(Problem) -> KeptState {
    let run = origin.run ?? ""
    let kept = kept.filter { $0.run == run }.sorted { $0.step < $1.step }
    if let state = kept.last(where: { origin.step == nil || $0.step == origin.step }) { return state }
    if kept.isEmpty {
      throw Problem(
        "init.run", "\(states) holds no state of \(run)",
        remedy:
          "compute that run with keep_state: true, which is part of its id, into the same directory; where it "
          + "has ended there without its state, into another")
    }
    throw Problem(
      "init.step", "of \(run) no state is kept at step \(origin.step ?? 0)",
      remedy: "write \(kept.map { String($0.step) }.joined(separator: " or "))")
  }
}
