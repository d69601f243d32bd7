import Jobs
import Problems
import Shards

/// What a run starts from.
struct RunStart {
  /// How it goes on from there.
  enum Kind: String {
    /// With first weights of its own.
    case new
    /// Where it was left.
    case checkpoint
    /// From the end of a shorter run of the same trajectory.
    case extension_ = "extension"
    /// As another run, from a state that one kept.
    case branch
  }

  var kind = Kind.new
  var state = SavedState()
  /// What was recorded before; nil where the run begins.
  var record: RunRecord?
  /// What the user should know.
  var notes: [String] = []
}

/// Finds what a run starts from; the leader of a group does that for all.
struct RunStartFinder {
  let run: RunConfiguration
  let files: RunFiles
  let numerics: String

  /// Looks at checkpoints first, then at the ends of shorter runs, then at what the job says.
  ///
  /// - Parameter checkpoints: the run's own; it is told what is there.
  /// - Returns: the state, how it goes on from there, and what the user should know.
  /// - Throws: a problem where the state that the job names is not there, or a directory may not be read.
  func find(_ checkpoints: inout CheckpointFiles) throws(Problem) -> RunStart {
    var start = RunStart()
    let (found, problems) = checkpoints.read()
    start.notes = problems.map { "\($0.subject): \($0.sentence); it is not used" }
    if let found {
      if let note = difference(found.state, "the checkpoint of \(run.id)") {
        start.notes.append(note)
      } else {
        (start.kind, start.state, start.record) = (.checkpoint, found.state, found.record)
        return start
      }
    }
    if try takeExtension(&start) { return start }
    if let origin = run.origin {
      start.state = try Checkpoint.read(files.origin(origin, among: files.keptStates()).path).state
      start.kind = .branch
    }
    return start
  }

  /// The longest end of a run of the same trajectory that this one has not passed.
  private func takeExtension(_ start: inout RunStart) throws(Problem) -> Bool {
    let ends = try files.keptStates(continuing: run.continuation)
      .filter { (1...max(run.stop.steps, 1)).contains($0.step) }
    for end in ends.sorted(by: { $0.step > $1.step }) {
      do throws(Problem) {
        let (record, state) = try Checkpoint.read(end.path)
        guard run.stop.allowsGoingOn(after: state.texts["goals"] ?? "") else { continue }
        if let note = difference(state, end.path) {
          start.notes.append(note)
          continue
        }
        (start.kind, start.state, start.record) = (.extension_, state, record)
        return true
      } catch {
        start.notes.append("\(error.subject): \(error.sentence); it is not used")
      }
    }
    return false
  }

  /// A note where a state was computed under other numerics; the run begins anew then.
  private func difference(_ state: SavedState, _ name: String) -> String? {
    let other = state.texts["numerics"] ?? "unknown numerics"
    guard other != numerics else { return nil }
    return
      "\(name) was computed with other numerics (\(other); now \(numerics)), so \(run.id) begins again; to go on instead, "
      + "stop now, and start with the level of the first, as in --numeric-level v3"
  }
}

extension StopRule {
  /// All but the number of steps, as text.
  var goals: String {
    let accuracy = trainAccuracy.map { "\($0)" } ?? "none", loss = trainLoss.map { "\($0)" } ?? "none"
    return "accuracy \(accuracy), loss \(loss), limit \(lossLimit)"
  }

  /// Whether a run with these rules cannot have ended before a state that one with other `goals` came to.
  func allowsGoingOn(after goals: String) -> Bool {
    if self.goals == goals { return true }
    return !hasGoal && goals.hasSuffix("limit \(lossLimit)")
  }
}
